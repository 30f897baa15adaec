using System.Buffers.Binary;

namespace Hybrid.Pipeline.Formats.Avro;

/// <summary>Decompresses a bare Snappy block (google/snappy, format_description.txt) and computes the CRC-32 (ISO 3309) that Avro puts behind it.</summary>
internal static class SnappyBlock
{
    private static readonly uint[] s_table = [.. Enumerable.Range(0, 256).Select(Entry)];

    /// <summary>The length of the content, and of the number that says so.</summary>
    /// <exception cref="InvalidDataException">It is no such block.</exception>
    public static int Length(ReadOnlySpan<byte> block, out int header)
    {
        var length = 0u;
        for (header = 0; header < 5 && header < block.Length;)
        {
            var next = block[header];
            length |= (uint)(next & 0x7f) << (7 * header++);
            if (next < 0x80)
            {
                return length <= int.MaxValue ? (int)length : throw Damaged();
            }
        }

        throw Damaged();
    }

    /// <summary>Decompresses what follows the length.</summary>
    /// <exception cref="InvalidDataException">It does not give exactly the content's length.</exception>
    public static void Decompress(ReadOnlySpan<byte> elements, Span<byte> content)
    {
        var written = 0;
        while (!elements.IsEmpty)
        {
            var tag = elements[0];
            if ((tag & 3) == 0)
            {
                var literal = Literal(ref elements, tag);
                if (literal.Length > content.Length - written)
                {
                    throw Damaged();
                }

                literal.CopyTo(content[written..]);
                written += literal.Length;
                continue;
            }

            var (length, distance) = Copy(ref elements, tag);
            if (distance == 0 || distance > written || length > content.Length - written)
            {
                throw Damaged();
            }

            // The copy may overlap what it writes: then it repeats it.
            for (var i = 0; i < length; i++)
            {
                content[written + i] = content[written + i - (int)distance];
            }

            written += length;
        }

        if (written != content.Length)
        {
            throw Damaged();
        }
    }

    /// <summary>The CRC-32 of some bytes.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        foreach (var b in bytes)
        {
            crc = s_table[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static ReadOnlySpan<byte> Literal(ref ReadOnlySpan<byte> elements, byte tag)
    {
        long length = tag >> 2;
        var extra = length < 60 ? 0 : (int)length - 59;
        if (elements.Length < 1 + extra)
        {
            throw Damaged();
        }

        if (extra > 0)
        {
            length = 0;
            for (var i = 0; i < extra; i++)
            {
                length |= (long)elements[1 + i] << (8 * i);
            }
        }

        length++;
        if (length > elements.Length - 1 - extra)
        {
            throw Damaged();
        }

        var literal = elements.Slice(1 + extra, (int)length);
        elements = elements[(1 + extra + (int)length)..];
        return literal;
    }

    private static (int Length, uint Distance) Copy(ref ReadOnlySpan<byte> elements, byte tag)
    {
        var size = (tag & 3) switch { 1 => 2, 2 => 3, _ => 5 };
        if (elements.Length < size)
        {
            throw Damaged();
        }

        var copy = size switch
        {
            2 => (((tag >> 2) & 7) + 4, ((uint)(tag >> 5) << 8) | elements[1]),
            3 => ((tag >> 2) + 1, (uint)BinaryPrimitives.ReadUInt16LittleEndian(elements[1..])),
            _ => ((tag >> 2) + 1, BinaryPrimitives.ReadUInt32LittleEndian(elements[1..])),
        };
        elements = elements[size..];
        return copy;
    }

    private static uint Entry(int index)
    {
        var entry = (uint)index;
        for (var bit = 0; bit < 8; bit++)
        {
            entry = (entry & 1) == 0 ? entry >> 1 : 0xedb88320 ^ (entry >> 1);
        }

        return entry;
    }

    private static InvalidDataException Damaged() => new("the snappy data is damaged");
}
