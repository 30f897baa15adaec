using System.Text;

namespace Hybrid.Sandbox.S3.Protocol;

/// <summary>What a request addresses: the service (no bucket), a bucket (no key) or an object.</summary>
/// <param name="Bucket">The bucket, or empty.</param>
/// <param name="Key">The key, or empty.</param>
internal sealed record S3Target(string Bucket, string Key)
{
    private const int LongestKey = 1024;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly string[] VirtualHostSuffixes = [".127.0.0.1", ".localhost"];

    /// <summary>
    /// Reads the target from the request line as it was sent: neither dot segments nor double slashes mean anything in
    /// a key.
    /// </summary>
    /// <param name="rawTarget">The request target of the request line.</param>
    /// <param name="host">The host without port; <c>bucket.localhost</c> names a bucket in the virtual-host style.</param>
    /// <exception cref="S3Exception">InvalidURI or KeyTooLongError.</exception>
    public static S3Target Parse(string rawTarget, string host)
    {
        var path = RawPath(rawTarget);
        if (VirtualHostBucket(host) is { } bucket)
        {
            return new S3Target(bucket, DecodeKey(path));
        }

        var slash = path.IndexOf('/', StringComparison.Ordinal);
        return slash < 0
            ? new S3Target(Decode(path), string.Empty)
            : new S3Target(Decode(path[..slash]), DecodeKey(path[(slash + 1)..]));
    }

    /// <summary>The path of a request target without its leading slash and query, still encoded.</summary>
    public static string RawPath(string rawTarget)
    {
        var start = 0;
        if (!rawTarget.StartsWith('/'))
        {
            var authority = rawTarget.IndexOf("://", StringComparison.Ordinal);
            start = authority < 0 ? rawTarget.Length : rawTarget.IndexOf('/', authority + 3);
            start = start < 0 ? rawTarget.Length : start;
        }

        var query = rawTarget.IndexOf('?', start);
        var end = query < 0 ? rawTarget.Length : query;
        return start + 1 <= end ? rawTarget[(start + 1)..end] : string.Empty;
    }

    /// <summary>Undoes percent encoding, strictly.</summary>
    /// <exception cref="S3Exception">InvalidURI.</exception>
    public static string Decode(string encoded)
    {
        if (!encoded.Contains('%', StringComparison.Ordinal))
        {
            return encoded;
        }

        var source = Encoding.UTF8.GetBytes(encoded);
        var length = 0;
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] != '%')
            {
                source[length++] = source[i];
                continue;
            }

            var encodedByte = Encoding.ASCII.GetString(source, i + 1, Math.Min(2, source.Length - i - 1));
            if (encodedByte.Length < 2 || !encodedByte.All(char.IsAsciiHexDigit))
            {
                throw S3Exception.InvalidUri("The path holds a % that is not followed by two hexadecimal digits.");
            }

            source[length++] = Convert.ToByte(encodedByte, 16);
            i += 2;
        }

        try
        {
            return StrictUtf8.GetString(source, 0, length);
        }
        catch (DecoderFallbackException)
        {
            throw S3Exception.InvalidUri("The path is not UTF-8.");
        }
    }

    /// <exception cref="S3Exception">KeyTooLongError.</exception>
    public static string CheckKey(string key)
    {
        var bytes = Encoding.UTF8.GetByteCount(key);
        return bytes <= LongestKey ? key : throw S3Exception.KeyTooLong(bytes);
    }

    private static string DecodeKey(string encoded) => CheckKey(Decode(encoded));

    private static string? VirtualHostBucket(string host)
    {
        foreach (var suffix in VirtualHostSuffixes)
        {
            if (host.Length > suffix.Length && host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return host[..^suffix.Length];
            }
        }

        return null;
    }
}
