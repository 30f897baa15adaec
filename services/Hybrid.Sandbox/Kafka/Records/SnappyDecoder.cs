using System.Buffers.Binary;

namespace Hybrid.Sandbox.Kafka.Records;

/// <summary>
/// Decompresses Snappy (google/snappy, format_description.txt), bare or in the framing of xerial's snappy-java that Kafka's
/// own clients use.
/// </summary>
/// <exception cref="InvalidDataException">The bytes are not of that format.</exception>
internal static class SnappyDecoder
{
    private const int XerialHeaderSize = 16;

    private static ReadOnlySpan<byte> XerialMagic => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    public static byte[] Decode(ReadOnlySpan<byte> source, int maxSize)
    {
        if (!source.StartsWith(XerialMagic))
        {
            return DecodeBlock(source, maxSize);
        }
        using var target = new MemoryStream();
        for (var rest = source[XerialHeaderSize..]; !rest.IsEmpty;)
        {
            var size = BinaryPrimitives.ReadInt32BigEndian(rest);
            target.Write(DecodeBlock(rest.Slice(sizeof(int), size), maxSize - (int)target.Length));
            rest = rest[(sizeof(int) + size)..];
        }
        return target.ToArray();
    }

    private static byte[] DecodeBlock(ReadOnlySpan<byte> source, int maxSize)
    {
        var size = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = source[0];
            source = source[1..];
            size |= (next & 0x7f) << shift;
            if ((next & 0x80) == 0)
            {
                break;
            }
        }
        if (size < 0 || size > maxSize)
        {
            throw new InvalidDataException($"a Snappy block of {size} bytes where at most {maxSize} are read");
        }
        var target = new byte[size];
        var written = 0;
        while (!source.IsEmpty)
        {
            var tag = source[0];
            source = source[1..];
            if ((tag & 3) == 0)
            {
                var length = tag >> 2;
                if (length >= 60)
                {
                    var bytes = length - 59;
                    length = 0;
                    for (var i = 0; i < bytes; i++)
                    {
                        length |= source[i] << (8 * i);
                    }
                    source = source[bytes..];
                }
                length++;
                source[..length].CopyTo(target.AsSpan(written));
                source = source[length..];
                written += length;
            }
            else
            {
                var (length, distance, bytes) = (tag & 3) switch
                {
                    1 => (((tag >> 2) & 7) + 4, ((tag >> 5) << 8) | source[0], 1),
                    2 => ((tag >> 2) + 1, BinaryPrimitives.ReadUInt16LittleEndian(source), 2),
                    _ => ((tag >> 2) + 1, BinaryPrimitives.ReadInt32LittleEndian(source), 4),
                };
                source = source[bytes..];
                BackReference.Copy(target, ref written, distance, length);
            }
        }
        return target;
    }
}
