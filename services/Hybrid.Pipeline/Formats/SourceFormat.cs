namespace Hybrid.Pipeline.Formats;

/// <summary>How an object holds its records.</summary>
public enum SourceFormat
{
    /// <summary>One JSON object (RFC 8259) a line.</summary>
    Ndjson = 0,

    /// <summary>Comma-separated values (RFC 4180) with a header row.</summary>
    Csv = 1,

    /// <summary>An Avro object container file (Apache Avro 1.11).</summary>
    Avro = 2,
}

/// <summary>How an object is compressed as a whole.</summary>
public enum ObjectCompression
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Gzip (RFC 1952).</summary>
    Gzip = 1,

    /// <summary>Zstandard (RFC 8878).</summary>
    Zstd = 2,
}
