using System.Text.Json.Serialization;

namespace Hybrid.Sandbox.S3.Storage;

/// <summary>What is known of an object besides its bytes.</summary>
internal sealed record StoredObject
{
    public required string Key { get; init; }

    /// <summary>Length of the body in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Without quotes: the body's MD5 in hex, or for a multipart upload the MD5 of the parts' MD5s and their number.</summary>
    public required string ETag { get; init; }

    public required DateTimeOffset LastModified { get; init; }

    /// <summary>Headers given with the object and returned with it: content type, encoding and the like, and <c>x-amz-meta-…</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = Empty;

    /// <summary>Additional checksums by header name (<c>x-amz-checksum-crc32</c>), in base64.</summary>
    public IReadOnlyDictionary<string, string> Checksums { get; init; } = Empty;

    /// <summary>Sizes of the parts in bytes, in order; null when the object was not put in parts.</summary>
    public IReadOnlyList<long>? PartSizes { get; init; }

    /// <summary>The tag set as <c>x-amz-tagging</c> carries it (<c>a=1&amp;b=2</c>); null is no tags.</summary>
    public string? Tags { get; init; }

    /// <summary>Whether listings lagged on demand when it was put.</summary>
    [JsonIgnore]
    public bool MayLag { get; init; }

    /// <summary>What it took the place of, kept only while listings lag on demand.</summary>
    [JsonIgnore]
    public StoredObject? Replaced { get; init; }

    [JsonIgnore]
    public string QuotedETag => $"\"{ETag}\"";

    public static IReadOnlyDictionary<string, string> Empty { get; } = new Dictionary<string, string>();
}

[JsonSerializable(typeof(StoredObject))]
[JsonSerializable(typeof(MultipartUpload))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class StorageJson : JsonSerializerContext;
