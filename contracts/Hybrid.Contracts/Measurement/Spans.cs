namespace Hybrid.Contracts.Measurement;

/// <summary>
/// The traces' names (OpenTelemetry, messaging semantic conventions where they have one). A record carries its partition's span in the
/// header <see cref="Topics.RecordHeaders.TraceParent"/>, and the span of a batch is linked to the partitions that its records came from.
/// </summary>
public static class Spans
{
    /// <summary>The source that all spans belong to.</summary>
    public const string SourceName = "Hybrid";

    /// <summary>The objects of one partition that the publisher publishes at once: all of them, or those that are late.</summary>
    public const string Publish = "publish partition";

    /// <summary>One batch that a lane writes to Solr, of one record or of many.</summary>
    public const string Write = "write batch";

    /// <summary>Attribute: the source that the publisher reads.</summary>
    public const string SourceAttribute = "hybrid.source";

    /// <summary>Attribute: the source partition, such as <c>2011-12-01T08:05Z</c>.</summary>
    public const string PartitionAttribute = "hybrid.partition";

    /// <summary>Attribute: records published.</summary>
    public const string RecordsAttribute = "hybrid.records";

    /// <summary>Attribute: dead letters written.</summary>
    public const string DeadLettersAttribute = "hybrid.dead_letters";

    /// <summary>Attribute: the batch's id, which is its ranges of offsets by Kafka partition, such as <c>0:17-42,3:5-5</c>.</summary>
    public const string BatchAttribute = "hybrid.batch";

    /// <summary>Attribute: documents written, after compaction.</summary>
    public const string DocumentsAttribute = "hybrid.documents";

    /// <summary>Attribute: records in the batch (messaging semantic conventions).</summary>
    public const string BatchCountAttribute = "messaging.batch.message_count";
}
