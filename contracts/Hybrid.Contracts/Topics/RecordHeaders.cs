namespace Hybrid.Contracts.Topics;

/// <summary>
/// Header names. Times are wall time in milliseconds since 1970-01-01T00:00:00Z, as 8 bytes big-endian; event times likewise.
/// </summary>
public static class RecordHeaders
{
    /// <summary>When the partition was due to close, wall time.</summary>
    public const string Closed = "hybrid-closed";

    /// <summary>When the object was there, wall time.</summary>
    public const string Landed = "hybrid-landed";

    /// <summary>Marks a control record (null value): event time up to which this source is complete. Same encoding.</summary>
    public const string Watermark = "hybrid-watermark";

    /// <summary>
    /// Control records of a source that several publishers share: how many, decimal digits. Then records of later partitions may lie before it,
    /// since one shard may be ahead of the others.
    /// </summary>
    public const string Shards = "hybrid-shards";

    /// <summary>W3C trace context.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>Dead letters: the object's key, UTF-8.</summary>
    public const string DeadLetterObject = "hybrid-object";

    /// <summary>Dead letters: the object's ETag, UTF-8.</summary>
    public const string DeadLetterETag = "hybrid-etag";

    /// <summary>Dead letters of the publisher: the source's name, UTF-8.</summary>
    public const string DeadLetterSource = "hybrid-source";

    /// <summary>Dead letters of the publisher: the source partition's name, UTF-8.</summary>
    public const string DeadLetterPartition = "hybrid-partition";

    /// <summary>Dead letters of the publisher: how often the object had been replaced under its key, decimal digits; absent for never.</summary>
    public const string DeadLetterGeneration = "hybrid-generation";

    /// <summary>Dead letters: the line within the object from 1, decimal digits.</summary>
    public const string DeadLetterLine = "hybrid-line";

    /// <summary>Dead letters: where in the line it is wrong, in bytes from 1, decimal digits; absent when that is not known.</summary>
    public const string DeadLetterColumn = "hybrid-column";

    /// <summary>Dead letters: the class of the error, such as <c>malformed-json</c>, UTF-8.</summary>
    public const string DeadLetterErrorClass = "hybrid-error-class";

    /// <summary>Dead letters: the error in one line, UTF-8.</summary>
    public const string DeadLetterError = "hybrid-error";

    /// <summary>Dead letters whose value was cut: how long it was before, in bytes, decimal digits.</summary>
    public const string DeadLetterOriginalLength = "hybrid-original-length";

    /// <summary>
    /// Dead letters of rows of a CSV object: its header row as it was, without the end of the line; absent when it is longer than 16 KiB. Whoever
    /// reads the row again needs it.
    /// </summary>
    public const string DeadLetterCsvHeader = "hybrid-csv-header";

    /// <summary>Dead letters of a lane: the record, <c>topic[partition]@offset</c>, UTF-8.</summary>
    public const string DeadLetterRecord = "hybrid-record";

    /// <summary>Dead letters of a lane that Solr refused: the id of the batch, such as <c>0:17-42,3:5-5</c>, UTF-8.</summary>
    public const string DeadLetterBatch = "hybrid-batch";

    /// <summary>Dead letters of a lane: which lane, UTF-8.</summary>
    public const string DeadLetterLane = "hybrid-lane";
}
