using System.Buffers.Binary;
using System.Text;

namespace Hybrid.Pipeline.Avro;

/// <summary>Writes Avro binary (Apache Avro 1.11 specification, "Binary Encoding") into a span that is large enough.</summary>
internal ref struct AvroSpanWriter(Span<byte> output)
{
    /// <summary>The bytes of a number at most.</summary>
    public const int LongestLong = 10;

    private readonly Span<byte> _output = output;

    /// <summary>Bytes written.</summary>
    public int Written { get; private set; }

    /// <summary>The bytes of a text at most.</summary>
    public static int LongestText(string text) => LongestLong + Encoding.UTF8.GetMaxByteCount(text.Length);

    public void Long(long value)
    {
        var zigzag = (ulong)((value << 1) ^ (value >> 63));
        while (zigzag >= 0x80)
        {
            _output[Written++] = (byte)(zigzag | 0x80);
            zigzag >>= 7;
        }

        _output[Written++] = (byte)zigzag;
    }

    public void Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_output[Written..], value);
        Written += sizeof(double);
    }

    public void Text(ReadOnlySpan<byte> utf8)
    {
        Long(utf8.Length);
        utf8.CopyTo(_output[Written..]);
        Written += utf8.Length;
    }

    public void Text(string text)
    {
        Long(Encoding.UTF8.GetByteCount(text));
        Written += Encoding.UTF8.GetBytes(text, _output[Written..]);
    }
}
