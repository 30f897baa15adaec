using Hybrid.Sandbox.Faults;

namespace Hybrid.Sandbox.Solr;

/// <summary>How the sandbox's Solr runs.</summary>
public sealed record SolrServerOptions
{
    /// <summary>Where the cores live, a directory each; created when absent. Two servers must not share one.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The port on 127.0.0.1, 0 to 65535; 0 lets the system choose.</summary>
    public int Port { get; init; }

    /// <summary>What its requests, commits and writes may meet.</summary>
    internal ServiceFaults Faults { get; init; } = new();

    /// <summary>The largest body taken, in bytes; a larger one is answered 413. 256 MiB unless told.</summary>
    public int MaxRequestBytes { get; init; } = 256 << 20;

    /// <summary>
    /// Values for the <c>${name:default}</c> of the configset, as system properties give them to Solr:
    /// <c>solr.autoSoftCommit.maxTime</c>. A core's own (<c>property.NAME</c> at CREATE) come first.
    /// </summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>A core's log is compacted at a hard commit once it is larger than this and than twice the documents. 64 MiB unless told.</summary>
    public long CompactionBytes { get; init; } = 64L << 20;
}
