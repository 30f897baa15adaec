namespace Hybrid.Pipeline.Formats;

/// <summary>What the extensions of an object's name say about it, in either case: <c>part-0.csv.zst</c> is CSV compressed with zstd.</summary>
public static class ObjectExtensions
{
    /// <summary>The format that the name says; null when it says none.</summary>
    /// <param name="objectKey">The object's key.</param>
    public static SourceFormat? FormatOf(string objectKey)
    {
        ArgumentNullException.ThrowIfNull(objectKey);
        return Last(CompressionOf(objectKey) is null ? Name(objectKey) : WithoutLast(Name(objectKey))) switch
        {
            var extension when Is(extension, ".ndjson") || Is(extension, ".jsonl") || Is(extension, ".json") => SourceFormat.Ndjson,
            var extension when Is(extension, ".csv") => SourceFormat.Csv,
            var extension when Is(extension, ".avro") => SourceFormat.Avro,
            _ => null,
        };
    }

    /// <summary>The compression that the name says; null when it says none.</summary>
    /// <param name="objectKey">The object's key.</param>
    public static ObjectCompression? CompressionOf(string objectKey)
    {
        ArgumentNullException.ThrowIfNull(objectKey);
        return Last(Name(objectKey)) switch
        {
            var extension when Is(extension, ".gz") || Is(extension, ".gzip") => ObjectCompression.Gzip,
            var extension when Is(extension, ".zst") || Is(extension, ".zstd") => ObjectCompression.Zstd,
            _ => null,
        };
    }

    /// <summary>The extensions of an object, such as <c>.ndjson.gz</c>.</summary>
    /// <param name="format">Its format.</param>
    /// <param name="compression">Its compression.</param>
    public static string Of(SourceFormat format, ObjectCompression compression) =>
        (format switch { SourceFormat.Csv => ".csv", SourceFormat.Avro => ".avro", _ => ".ndjson" })
        + (compression switch { ObjectCompression.Gzip => ".gz", ObjectCompression.Zstd => ".zst", _ => "" });

    private static ReadOnlySpan<char> Name(string objectKey) => objectKey.AsSpan(objectKey.LastIndexOf('/') + 1);

    private static ReadOnlySpan<char> Last(ReadOnlySpan<char> name) => name.LastIndexOf('.') is var dot and >= 0 ? name[dot..] : [];

    private static ReadOnlySpan<char> WithoutLast(ReadOnlySpan<char> name) => name[..name.LastIndexOf('.')];

    private static bool Is(ReadOnlySpan<char> extension, string known) => extension.Equals(known, StringComparison.OrdinalIgnoreCase);
}
