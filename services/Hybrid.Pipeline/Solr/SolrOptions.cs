using System.ComponentModel.DataAnnotations;

namespace Hybrid.Pipeline.Solr;

/// <summary>The search index (section <c>Solr</c>).</summary>
public sealed class SolrOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Solr";

    /// <summary>The base address, such as <c>http://127.0.0.1:8983/solr</c>.</summary>
    [Required]
    public string Url { get; set; } = "http://127.0.0.1:8983/solr";

    /// <summary>The collection; null for the lane's name.</summary>
    public string? Collection { get; set; }

    /// <summary>Which client writes: <c>json</c> (streamed JSON updates) or <c>solrnet</c> (only where the feed served SolrNet).</summary>
    [RegularExpression("json|solrnet", ErrorMessage = "must be json or solrnet")]
    public string Adapter { get; set; } = "json";

    /// <summary>
    /// When an update becomes searchable: <c>commit-within=200ms</c> (Solr commits by itself so long after), <c>soft-commit</c> (every
    /// bulk is committed softly: freshest and dearest) or <c>server</c> (whatever the server's autoSoftCommit says).
    /// </summary>
    [Required]
    public string Visibility { get; set; } = "commit-within=200ms";

    /// <summary>How long one request may take; segment flushes stall some for seconds, so well above that.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long Solr may stay out of reach at the start before the service gives up.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Connections at most.</summary>
    [Range(1, 256)]
    public int MaxConnections { get; set; } = 8;

    /// <summary>How often a bulk is tried again after a transient failure before the lane gives up; -1 for ever.</summary>
    [Range(-1, 1_000_000)]
    public int MaxRetries { get; set; } = -1;
}
