namespace Hybrid.Pipeline.DeadLetters;

/// <summary>The classes of errors that end in the dead letters: stable, for filters and metrics.</summary>
public static class ErrorClasses
{
    /// <summary>The line is not one JSON object (RFC 8259), or holds more than that.</summary>
    public const string MalformedJson = "malformed-json";

    /// <summary>The row is not CSV (RFC 4180): its quotes are wrong, or it has not as many fields as the header.</summary>
    public const string MalformedCsv = "malformed-csv";

    /// <summary>The line is not UTF-8, or an escape names half a surrogate pair.</summary>
    public const string InvalidUtf8 = "invalid-utf8";

    /// <summary>A field that every line has is missing, null or empty.</summary>
    public const string MissingField = "missing-field";

    /// <summary>A field occurs twice.</summary>
    public const string DuplicateField = "duplicate-field";

    /// <summary>A field's value is of the wrong type.</summary>
    public const string WrongType = "wrong-type";

    /// <summary>The kind is none of upsert, delete and signal.</summary>
    public const string UnknownKind = "unknown-kind";

    /// <summary>A number or time is outside of what a delta can hold.</summary>
    public const string OutOfRange = "out-of-range";

    /// <summary>The line is longer than the limit; the dead letter holds its first bytes.</summary>
    public const string LineTooLong = "line-too-long";

    /// <summary>The delta is larger than a Kafka message may be.</summary>
    public const string RecordTooLarge = "record-too-large";

    /// <summary>The object is damaged from this line on; the lines before it were published.</summary>
    public const string CorruptObject = "corrupt-object";

    /// <summary>A block of an Avro object is damaged: one for all its records from this one on. The blocks around it were read.</summary>
    public const string CorruptBlock = "corrupt-block";

    /// <summary>A signal of an object that replaces an earlier one: a sum cannot be taken back.</summary>
    public const string ReplacedSignal = "replaced-signal";

    /// <summary>A lane's: the value of a record is not a delta, or its schema does not resolve to ours.</summary>
    public const string UnreadableRecord = "unreadable-record";

    /// <summary>A lane's: Solr refused the document.</summary>
    public const string RefusedDocument = "refused-document";
}
