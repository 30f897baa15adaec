namespace Hybrid.Sandbox.Solr;

/// <summary>What Solr answers instead of doing what it was asked.</summary>
/// <param name="Code">The HTTP status.</param>
/// <param name="Message">What goes into <c>error.msg</c>.</param>
/// <param name="RootClass">What goes into <c>error.metadata</c> as <c>root-error-class</c>.</param>
internal sealed record SolrError(int Code, string Message, string RootClass = JavaClasses.SolrException)
{
    public static SolrError BadRequest(string message, string rootClass = JavaClasses.SolrException) => new(400, message, rootClass);

    public static SolrError Conflict(string message) => new(409, message);

    public static SolrError Unsupported(string what) => new(400, $"{what} is not supported by the sandbox");
}
