using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Hybrid.Pipeline.Avro;

/// <summary>Writes Avro binary (Apache Avro 1.11 specification, "Binary Encoding").</summary>
internal readonly ref struct AvroBinaryWriter(IBufferWriter<byte> output)
{
    private readonly IBufferWriter<byte> _output = output;

    public void Raw(ReadOnlySpan<byte> bytes) => _output.Write(bytes);

    public void Long(long value)
    {
        var span = _output.GetSpan(10);
        var zigzag = (ulong)((value << 1) ^ (value >> 63));
        var length = 0;
        while (zigzag >= 0x80)
        {
            span[length++] = (byte)(zigzag | 0x80);
            zigzag >>= 7;
        }

        span[length++] = (byte)zigzag;
        _output.Advance(length);
    }

    public void Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_output.GetSpan(8), value);
        _output.Advance(8);
    }

    public void String(string value)
    {
        Long(Encoding.UTF8.GetByteCount(value));
        var span = _output.GetSpan(Encoding.UTF8.GetMaxByteCount(value.Length));
        _output.Advance(Encoding.UTF8.GetBytes(value, span));
    }
}

/// <summary>Reads Avro binary from a span and never past its end.</summary>
internal ref struct AvroBinaryReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public readonly int Remaining => _bytes.Length - _at;

    public long Long()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_at >= _bytes.Length)
            {
                throw Short();
            }

            var b = _bytes[_at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }

        throw new DeltaFormatException($"a number at byte {_at} is longer than 10 bytes");
    }

    public bool Boolean() => Take(1)[0] != 0;

    public float Float() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public ReadOnlySpan<byte> Bytes() => Take(Length());

    public string String() => Decode(Bytes());

    public static string Decode(ReadOnlySpan<byte> text)
    {
        try
        {
            return Strict.GetString(text);
        }
        catch (DecoderFallbackException failure)
        {
            throw new DeltaFormatException("a text is not UTF-8", failure);
        }
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining)
        {
            throw Short();
        }

        var taken = _bytes.Slice(_at, count);
        _at += count;
        return taken;
    }

    /// <summary>The number of items in the next block of an array or map; 0 at its end.</summary>
    public long BlockCount()
    {
        var count = Long();
        if (count < 0)
        {
            Long();
            count = count == long.MinValue ? throw new DeltaFormatException("a block count is out of range") : -count;
        }

        return count;
    }

    /// <summary>An array of texts.</summary>
    public string[] Texts()
    {
        var count = BlockCount();
        if (count == 0)
        {
            return [];
        }

        var texts = new List<string>((int)Math.Min(count, 64));
        for (; count > 0; count = BlockCount())
        {
            if (count > Remaining)
            {
                throw new DeltaFormatException($"a block of {count} texts does not fit the {Remaining} bytes left");
            }

            for (var i = 0L; i < count; i++)
            {
                texts.Add(String());
            }
        }

        return [.. texts];
    }

    private int Length()
    {
        var length = Long();
        return length >= 0 && length <= Remaining
            ? (int)length
            : throw new DeltaFormatException($"a length of {length} at byte {_at} does not fit the {Remaining} bytes left");
    }

    private readonly DeltaFormatException Short() => new($"the value ends at byte {_bytes.Length} in the middle of a field");
}
