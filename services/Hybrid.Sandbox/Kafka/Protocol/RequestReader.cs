using System.Buffers.Binary;
using System.Text;

namespace Hybrid.Sandbox.Kafka.Protocol;

/// <summary>
/// Reads the protocol's primitive types from a request. In a flexible version (KIP-482) strings, arrays and bytes have
/// compact lengths and structures end in tagged fields; the reader knows which, so that an API reads both alike.
/// </summary>
/// <exception cref="MalformedRequestException">A length is negative or runs past the end of the request.</exception>
internal ref struct RequestReader(ReadOnlySpan<byte> buffer, bool flexible)
{
    /// <summary>More elements than any client sends: what is put aside for an array that is only announced stays small.</summary>
    private const int MaxArrayLength = 1_000_000;

    private readonly ReadOnlySpan<byte> _buffer = buffer;
    private int _position;

    public readonly int Position => _position;

    public readonly int Remaining => _buffer.Length - _position;

    public bool Boolean() => Take(1)[0] != 0;

    public sbyte Int8() => (sbyte)Take(1)[0];

    public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public string String() => NullableString() ?? throw new MalformedRequestException("a string that may not be null is null");

    public string? NullableString()
    {
        var length = flexible ? CompactLength() : Int16();
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length));
    }

    public ReadOnlySpan<byte> Bytes()
    {
        var (offset, length) = BytesRange();
        return length < 0 ? default : _buffer.Slice(offset, length);
    }

    /// <summary>Skips a byte field and says where it lies in the request; the length is −1 when it is null.</summary>
    public (int Offset, int Length) BytesRange()
    {
        var length = flexible ? CompactLength() : Int32();
        if (length < 0)
        {
            return (_position, -1);
        }
        var offset = _position;
        Take(length);
        return (offset, length);
    }

    /// <summary>The number of elements; a null array counts as empty.</summary>
    public int ArrayLength() => Math.Max(0, NullableArrayLength());

    /// <summary>The number of elements, −1 for a null array. Every element takes a byte at least, which bounds it.</summary>
    public int NullableArrayLength()
    {
        var length = flexible ? CompactLength() : Int32();
        if (length > Math.Min(Remaining, MaxArrayLength))
        {
            throw new MalformedRequestException($"an array of {length} elements in the last {Remaining} bytes of a request");
        }
        return length;
    }

    public int[] Int32Array()
    {
        var count = ArrayLength();
        if (count > Remaining / sizeof(int))
        {
            throw new MalformedRequestException($"an array of {count} integers in the last {Remaining} bytes of a request");
        }
        var values = new int[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = Int32();
        }
        return values;
    }

    /// <summary>Skips the tagged fields that end a structure of a flexible version.</summary>
    public void TaggedFields()
    {
        if (!flexible)
        {
            return;
        }
        for (var count = UnsignedVarint(); count > 0; count--)
        {
            UnsignedVarint();
            var size = UnsignedVarint();
            if (size > (uint)Remaining)
            {
                throw new MalformedRequestException("a tagged field runs past the end of its request");
            }
            Take((int)size);
        }
    }

    private int CompactLength()
    {
        var value = UnsignedVarint();
        return value > int.MaxValue ? throw new MalformedRequestException("a compact length over 2 GB") : (int)value - 1;
    }

    private uint UnsignedVarint()
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = Take(1)[0];
            value |= (uint)(next & 0x7f) << shift;
            if ((next & 0x80) == 0)
            {
                return value;
            }
        }
        throw new MalformedRequestException("a variable-length integer of more than five bytes");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)Remaining)
        {
            throw new MalformedRequestException($"{length} bytes wanted where {Remaining} are left");
        }
        var taken = _buffer.Slice(_position, length);
        _position += length;
        return taken;
    }
}
