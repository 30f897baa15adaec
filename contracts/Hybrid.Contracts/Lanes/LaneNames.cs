namespace Hybrid.Contracts.Lanes;

/// <summary>The lanes' names, as the command line, the collections, the consumer groups and the report use them.</summary>
public static class LaneNames
{
    /// <summary>Scheduled recomputation of the last window.</summary>
    public const string Batch = "batch";

    /// <summary>Micro-batches straight over the object store, no Kafka.</summary>
    public const string Direct = "direct";

    /// <summary>Kafka consumer, one record at a time, and a scheduled pass over the object store that repairs what it skipped.</summary>
    public const string Hybrid = "hybrid";

    /// <summary>Kafka consumer in batches.</summary>
    public const string MicroBatch = "micro-batch";

    /// <summary>Kafka consumer, one record at a time.</summary>
    public const string Streaming = "streaming";

    /// <summary>Streamiz.Kafka.Net topology.</summary>
    public const string Streamiz = "streamiz";
}
