using Hybrid.Sandbox.S3.Protocol;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.S3.Payload;

/// <summary>What a request's headers promise about its body.</summary>
internal sealed record PayloadExpectations
{
    private const string StreamingPrefix = "STREAMING-";

    /// <summary>The body is framed as <c>aws-chunked</c>.</summary>
    public bool Chunked { get; private init; }

    /// <summary>Length of the body without framing, in bytes, when given.</summary>
    public long? Length { get; private init; }

    /// <summary><c>Content-MD5</c> in lower-case hex.</summary>
    public string? Md5 { get; private init; }

    /// <summary><c>x-amz-content-sha256</c> in lower-case hex, when it is a digest.</summary>
    public string? Sha256 { get; private init; }

    /// <summary>Checksums given in the header, by header name.</summary>
    public IReadOnlyDictionary<string, string> Checksums { get; private init; } = new Dictionary<string, string>();

    /// <summary>Header names of checksums announced to follow the body.</summary>
    public IReadOnlyList<string> TrailingChecksums { get; private init; } = [];

    /// <exception cref="S3Exception">InvalidDigest or InvalidArgument.</exception>
    public static PayloadExpectations From(HttpRequest request)
    {
        var headers = request.Headers;
        var contentHash = headers["x-amz-content-sha256"].ToString();
        var chunked = contentHash.StartsWith(StreamingPrefix, StringComparison.Ordinal)
            || headers.ContentEncoding.ToString().Contains("aws-chunked", StringComparison.OrdinalIgnoreCase);
        return new PayloadExpectations
        {
            Chunked = chunked,
            Length = chunked ? DecodedLength(headers["x-amz-decoded-content-length"].ToString()) : request.ContentLength,
            Md5 = Md5Hex(headers.ContentMD5.ToString()),
            Sha256 = contentHash.Length == 64 ? contentHash.ToLowerInvariant() : null,
            Checksums = GivenChecksums(headers),
            TrailingChecksums = headers["x-amz-trailer"].ToString()
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        };
    }

    private static Dictionary<string, string> GivenChecksums(IHeaderDictionary headers)
    {
        var checksums = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers)
        {
            using var known = name.StartsWith("x-amz-checksum-", StringComparison.OrdinalIgnoreCase) ? Checksum.ForHeader(name) : null;
            if (known is not null)
            {
                checksums[known.Header] = value.ToString();
            }
        }

        return checksums;
    }

    private static long? DecodedLength(string header)
    {
        if (header.Length == 0)
        {
            return null;
        }

        return long.TryParse(header, out var length) && length >= 0
            ? length
            : throw S3Exception.InvalidArgument("x-amz-decoded-content-length is not a length.");
    }

    private static string? Md5Hex(string header)
    {
        if (header.Length == 0)
        {
            return null;
        }

        Span<byte> digest = stackalloc byte[18];
        return Convert.TryFromBase64String(header, digest, out var written) && written == 16
            ? Convert.ToHexStringLower(digest[..16])
            : throw S3Exception.InvalidDigest("Content-MD5");
    }
}
