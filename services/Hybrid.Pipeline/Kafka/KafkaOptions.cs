using System.ComponentModel.DataAnnotations;

namespace Hybrid.Pipeline.Kafka;

/// <summary>The Kafka cluster (section <c>Kafka</c>).</summary>
public sealed class KafkaOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Kafka";

    /// <summary>The brokers, <c>host:port</c>, comma-separated.</summary>
    [Required]
    public string BootstrapServers { get; set; } = "127.0.0.1:9092";

    /// <summary>Put before the names of topics, groups and transactional ids, to keep several runs on one cluster apart.</summary>
    public string TopicPrefix { get; set; } = "";

    /// <summary>Partitions of the deltas topic when the publisher makes it.</summary>
    [Range(1, 10_000)]
    public int Partitions { get; set; } = 4;

    /// <summary>Replication factor of the topics that the publisher makes.</summary>
    [Range(1, 32)]
    public short ReplicationFactor { get; set; } = 1;

    /// <summary>How the bytes are compressed on the way: none, gzip, snappy, lz4 or zstd.</summary>
    [RegularExpression("none|gzip|snappy|lz4|zstd", ErrorMessage = "must be none, gzip, snappy, lz4 or zstd")]
    public string Compression { get; set; } = "lz4";

    /// <summary>How long the cluster may stay out of reach at the start before the service gives up.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Any other librdkafka setting, by its name, such as <c>security.protocol</c>.</summary>
    public Dictionary<string, string> Client { get; set; } = [];
}
