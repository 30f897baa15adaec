using Hybrid.Sandbox.S3.Protocol;
using Hybrid.Sandbox.S3.Storage;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.S3.Payload;

/// <summary>
/// The checksum of an object put in parts: that of the whole body, or, composite, that of the parts' checksums followed by their
/// number.
/// </summary>
internal static class MultipartChecksum
{
    /// <summary>Whether an upload's checksum is that of the whole body.</summary>
    /// <param name="header">The checksum's header name.</param>
    /// <param name="type">FULL_OBJECT, COMPOSITE, or empty for the algorithm's own.</param>
    /// <exception cref="S3Exception">InvalidRequest: the algorithm has no such type.</exception>
    public static bool IsOfWholeObject(string header, string type)
    {
        var crc64 = header.EndsWith("crc64nvme", StringComparison.Ordinal);
        var canBeWhole = header.Contains("crc", StringComparison.Ordinal);
        return type.ToUpperInvariant() switch
        {
            "" => crc64,
            "FULL_OBJECT" when canBeWhole => true,
            "COMPOSITE" when !crc64 => false,
            _ => throw S3Exception.InvalidRequest($"The checksum type {type} does not go with {header}."),
        };
    }

    /// <summary>
    /// Takes the checksum of the object away from the headers of the request that completes its upload, where elsewhere the body's
    /// would be.
    /// </summary>
    public static (string Header, string Value)? TakeExpected(IHeaderDictionary headers)
    {
        foreach (var (name, value) in headers)
        {
            using var known = Checksum.ForHeader(name);
            if (known is not null)
            {
                headers.Remove(name);
                return (known.Header, value.ToString());
            }
        }

        return null;
    }

    /// <summary>The object's checksum, by header name; empty when the upload was begun without an algorithm.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="parts">Its parts, in order.</param>
    /// <param name="ofBody">The checksums of the whole body, where they are wanted.</param>
    /// <param name="expected">What it must be, when the client said so.</param>
    /// <exception cref="S3Exception">BadDigest: it is not the one expected.</exception>
    public static IReadOnlyDictionary<string, string> Of(
        MultipartUpload upload,
        IReadOnlyList<(int Number, StoredObject Entry)> parts,
        IReadOnlyDictionary<string, string> ofBody,
        (string Header, string Value)? expected)
    {
        if (upload.ChecksumHeader is not { } header)
        {
            return StoredObject.Empty;
        }

        var checksum = upload.ChecksumOfWholeObject ? ofBody[header] : Composite(header, parts);
        if (expected is { } given && given.Header == header && WithoutCount(given.Value) != WithoutCount(checksum))
        {
            throw S3Exception.BadDigest(header);
        }

        return new Dictionary<string, string> { [header] = checksum };
    }

    private static string Composite(string header, IReadOnlyList<(int Number, StoredObject Entry)> parts)
    {
        using var checksum = Checksum.ForHeader(header)!;
        foreach (var (_, part) in parts)
        {
            checksum.Append(Convert.FromBase64String(part.Checksums[header]));
        }

        return $"{checksum.Finish()}-{parts.Count}";
    }

    private static string WithoutCount(string checksum) => checksum.Split('-')[0];
}
