using Hybrid.Sandbox.Faults;

namespace Hybrid.Sandbox;

/// <summary>Which services a sandbox runs and where. Ports are 0 to 65535 on 127.0.0.1; 0 (the default) lets the system choose.</summary>
public sealed record SandboxOptions
{
    /// <summary>Where everything is kept, a directory a service; created when absent. One sandbox a directory at a time.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Kafka's port.</summary>
    public int KafkaPort { get; init; }

    /// <summary>How often Kafka looks for segments to delete or compact (log.retention.check.interval.ms); more than zero.</summary>
    public TimeSpan KafkaRetentionCheckInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The schema registry's port.</summary>
    public int RegistryPort { get; init; }

    /// <summary>S3's port.</summary>
    public int S3Port { get; init; }

    /// <summary>Solr's port.</summary>
    public int SolrPort { get; init; }

    /// <summary>The port of the admin endpoint: status and faults.</summary>
    public int AdminPort { get; init; }

    /// <summary>Whether Kafka runs; false when another one is used.</summary>
    public bool RunKafka { get; init; } = true;

    /// <summary>Whether the schema registry runs; false when another one is used.</summary>
    public bool RunRegistry { get; init; } = true;

    /// <summary>Whether S3 runs; false when another one is used.</summary>
    public bool RunS3 { get; init; } = true;

    /// <summary>Whether Solr runs; false when another one is used.</summary>
    public bool RunSolr { get; init; } = true;

    /// <summary>
    /// The access key that S3 requests must be signed with; null (the default) together with <see cref="S3SecretKey"/>
    /// accepts any.
    /// </summary>
    public string? S3AccessKey { get; init; }

    /// <summary>The secret that S3 requests must be signed with; null (the default) accepts any signature.</summary>
    public string? S3SecretKey { get; init; }

    /// <summary>Faults that are in force from the start; more are added, and these cleared, while it runs.</summary>
    public IReadOnlyList<FaultSpecification> Faults { get; init; } = [];
}
