namespace Hybrid.Pipeline.Solr;

/// <summary>
/// Tells apart whose fault an error is by Solr's words, since neither the tolerant chain nor a 400 says: it lists every document of a
/// bulk as refused when the server's disk is full, and a missing chain is a 400 like a bad document is.
/// </summary>
internal static class SolrRefusals
{
    private static readonly string[] ServerTrouble =
    [
        "No space left on device",
        "Disk quota exceeded",
        "Read-only file system",
        "Too many open files",
        "IndexWriter is closed",
        "AlreadyClosedException",
        "OutOfMemoryError",
        "Cannot talk to ZooKeeper",
        "ClusterState says we are the leader",
        "No registered leader",
        "Service Unavailable",
    ];

    private static readonly string[] RequestTrouble = ["unknown UpdateRequestProcessorChain"];

    /// <exception cref="SolrException">Transient: the server could not write, whatever the documents are.</exception>
    public static void ThrowIfServerIsAtFault(List<SolrRefusal> refused, string where)
    {
        foreach (var refusal in refused)
        {
            if (Mentions(refusal.Message, ServerTrouble))
            {
                throw new SolrException($"{where} cannot write: {refusal.Message}", 200, true);
            }
        }
    }

    /// <summary>True when no document of the request can be at fault, so that looking for one would refuse them all.</summary>
    public static bool IsAboutTheRequest(string? error) => error is not null && Mentions(error, RequestTrouble);

    private static bool Mentions(string message, string[] phrases) =>
        Array.Exists(phrases, phrase => message.Contains(phrase, StringComparison.OrdinalIgnoreCase));
}
