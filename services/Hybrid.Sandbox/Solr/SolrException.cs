namespace Hybrid.Sandbox.Solr;

/// <summary>Ends a request with an error answer.</summary>
internal sealed class SolrException(SolrError error, Exception? inner = null) : Exception(error.Message, inner)
{
    public SolrError Error { get; } = error;

    public static SolrException BadRequest(string message, string rootClass = JavaClasses.SolrException) =>
        new(SolrError.BadRequest(message, rootClass));

    public static SolrException Unsupported(string what) => new(SolrError.Unsupported(what));
}
