using System.Buffers;
using System.Text;

namespace Hybrid.Sandbox.S3.Storage;

/// <summary>The compact form in which a bucket's journal keeps a description: lengths and numbers as base-128 integers, text in UTF-8.</summary>
internal static class ObjectRecord
{
    public static void Write(IBufferWriter<byte> output, StoredObject entry)
    {
        Write(output, entry.Key);
        Write(output, entry.Size);
        Write(output, entry.ETag);
        Write(output, entry.LastModified.ToUnixTimeMilliseconds());
        Write(output, entry.Headers);
        Write(output, entry.Checksums);
        var parts = entry.PartSizes ?? [];
        Write(output, parts.Count);
        foreach (var size in parts)
        {
            Write(output, size);
        }

        Write(output, entry.Tags ?? string.Empty);
    }

    public static void Write(IBufferWriter<byte> output, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Write(output, length);
        Encoding.UTF8.GetBytes(text, output.GetSpan(length));
        output.Advance(length);
    }

    private static void Write(IBufferWriter<byte> output, IReadOnlyDictionary<string, string> pairs)
    {
        Write(output, pairs.Count);
        foreach (var (name, value) in pairs)
        {
            Write(output, name);
            Write(output, value);
        }
    }

    private static void Write(IBufferWriter<byte> output, long number)
    {
        var rest = (ulong)number;
        var span = output.GetSpan(10);
        var length = 0;
        for (; rest >= 0x80; rest >>= 7)
        {
            span[length++] = (byte)(rest | 0x80);
        }

        span[length++] = (byte)rest;
        output.Advance(length);
    }

    /// <summary>Reads records one after the other. Objects with the same headers share one dictionary, since most of a bucket's do.</summary>
    internal sealed class Reader
    {
        private byte[] _lastHeaders = [];
        private IReadOnlyDictionary<string, string> _sharedHeaders = StoredObject.Empty;

        /// <exception cref="InvalidDataException">The bytes are no record.</exception>
        public StoredObject Read(ReadOnlySpan<byte> bytes)
        {
            var key = ReadText(ref bytes);
            var size = ReadNumber(ref bytes);
            var etag = ReadText(ref bytes);
            var modified = DateTimeOffset.FromUnixTimeMilliseconds(ReadNumber(ref bytes));
            return new StoredObject
            {
                Key = key,
                Size = size,
                ETag = etag,
                LastModified = modified,
                Headers = ReadHeaders(ref bytes),
                Checksums = ReadPairs(ref bytes),
                PartSizes = ReadParts(ref bytes),
                Tags = ReadText(ref bytes) is { Length: > 0 } tags ? tags : null,
            };
        }

        public static string ReadText(ref ReadOnlySpan<byte> bytes)
        {
            var length = ReadNumber(ref bytes);
            if (length < 0 || length > bytes.Length)
            {
                throw new InvalidDataException("A text is longer than its record.");
            }

            var text = Encoding.UTF8.GetString(bytes[..(int)length]);
            bytes = bytes[(int)length..];
            return text;
        }

        private IReadOnlyDictionary<string, string> ReadHeaders(ref ReadOnlySpan<byte> bytes)
        {
            if (_lastHeaders.Length > 0 && bytes.StartsWith(_lastHeaders))
            {
                bytes = bytes[_lastHeaders.Length..];
                return _sharedHeaders;
            }

            var before = bytes;
            _sharedHeaders = ReadPairs(ref bytes);
            _lastHeaders = before[..(before.Length - bytes.Length)].ToArray();
            return _sharedHeaders;
        }

        private static IReadOnlyDictionary<string, string> ReadPairs(ref ReadOnlySpan<byte> bytes)
        {
            var count = ReadNumber(ref bytes);
            if (count == 0)
            {
                return StoredObject.Empty;
            }

            var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            for (; count > 0; count--)
            {
                var name = ReadText(ref bytes);
                pairs[name] = ReadText(ref bytes);
            }

            return pairs;
        }

        private static List<long>? ReadParts(ref ReadOnlySpan<byte> bytes)
        {
            var count = ReadNumber(ref bytes);
            if (count == 0)
            {
                return null;
            }

            var parts = new List<long>();
            for (; count > 0; count--)
            {
                parts.Add(ReadNumber(ref bytes));
            }

            return parts;
        }

        private static long ReadNumber(ref ReadOnlySpan<byte> bytes)
        {
            ulong number = 0;
            for (var at = 0; at < bytes.Length && at < 10; at++)
            {
                number |= (ulong)(bytes[at] & 0x7F) << (7 * at);
                if (bytes[at] < 0x80)
                {
                    bytes = bytes[(at + 1)..];
                    return (long)number;
                }
            }

            throw new InvalidDataException("A number is longer than its record.");
        }
    }
}
