namespace Hybrid.Sandbox.Solr;

/// <summary>What Solr answers instead of doing what it was asked.</summary>
/// <param name="Code">The HTTP status.</param>
/// <param name="Message">What goes into <c>error.msg</c>.</param>
internal sealed record SolrError(int Code, string Message)
{
    public static SolrError BadRequest(string message) => new(400, message);

    public static SolrError Conflict(string message) => new(409, message);

    public static SolrError Unsupported(string what) => new(400, $"{what} is not supported by the sandbox");
}
