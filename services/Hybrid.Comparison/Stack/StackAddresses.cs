namespace Hybrid.Comparison.Stack;

/// <summary>The parts of a stack that are there already; a part that is null comes from a sandbox.</summary>
public sealed record StackAddresses
{
    /// <summary>Kafka's brokers, <c>host:port</c>, comma-separated.</summary>
    public string? Kafka { get; init; }

    /// <summary>The schema registry's address.</summary>
    public string? Registry { get; init; }

    /// <summary>The S3 endpoint.</summary>
    public string? ObjectStore { get; init; }

    /// <summary>The S3 access key; null for the SDK's own chain.</summary>
    public string? AccessKey { get; init; }

    /// <summary>The S3 secret key; null for the SDK's own chain.</summary>
    public string? SecretKey { get; init; }

    /// <summary>The bucket that the replay puts its objects into, under a prefix of its own.</summary>
    public string Bucket { get; init; } = "hybrid";

    /// <summary>Solr's base address.</summary>
    public string? Solr { get; init; }

    /// <summary>Whether every part is given.</summary>
    public bool IsComplete => Kafka is not null && Registry is not null && ObjectStore is not null && Solr is not null;
}
