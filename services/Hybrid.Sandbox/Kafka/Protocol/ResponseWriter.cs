using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Hybrid.Sandbox.Kafka.Protocol;

/// <summary>
/// Writes responses, one after the other, into a pooled buffer that grows as needed. The counterpart of
/// <see cref="RequestReader"/>: whether lengths are compact follows from the version of the request being answered.
/// </summary>
internal sealed class ResponseWriter : IDisposable
{
    private const int InitialCapacity = 16 * 1024;
    private const int RetainedCapacity = 4 * 1024 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialCapacity);
    private int _frameStart;
    private bool _flexible;

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Length);

    /// <summary>Starts a response frame; its size is filled in by <see cref="EndFrame"/>.</summary>
    public void BeginFrame(int correlationId, bool flexible, bool flexibleHeader)
    {
        _frameStart = Length;
        _flexible = flexible;
        Int32(0);
        Int32(correlationId);
        if (flexibleHeader)
        {
            Int8(0);
        }
    }

    public void EndFrame() => PatchInt32(_frameStart, Length - _frameStart - sizeof(int));

    /// <summary>Forgets the frame that was begun, as for a request that wants no answer.</summary>
    public void DropFrame() => Length = _frameStart;

    /// <summary>Forgets what was written, once it has been sent, and gives back a buffer that had to grow large.</summary>
    public void Clear()
    {
        Length = 0;
        if (_buffer.Length > RetainedCapacity)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(InitialCapacity);
        }
    }

    public void Boolean(bool value) => Append(1)[0] = value ? (byte)1 : (byte)0;

    public void Int8(sbyte value) => Append(1)[0] = (byte)value;

    public void Int16(short value) => BinaryPrimitives.WriteInt16BigEndian(Append(2), value);

    public void Int32(int value) => BinaryPrimitives.WriteInt32BigEndian(Append(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64BigEndian(Append(8), value);

    public void Error(ErrorCode error) => Int16((short)error);

    public void String(string? value)
    {
        if (value is null)
        {
            NullLength(isString: true);
            return;
        }
        var size = Encoding.UTF8.GetByteCount(value);
        if (_flexible)
        {
            UnsignedVarint((uint)size + 1);
        }
        else
        {
            Int16(checked((short)size));
        }
        Encoding.UTF8.GetBytes(value, Append(size));
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        if (_flexible)
        {
            UnsignedVarint((uint)value.Length + 1);
        }
        else
        {
            Int32(value.Length);
        }
        value.CopyTo(Append(value.Length));
    }

    public void ArrayLength(int count)
    {
        if (_flexible)
        {
            UnsignedVarint((uint)count + 1);
        }
        else
        {
            Int32(count);
        }
    }

    public void NullArray() => NullLength(isString: false);

    public void Int32Array(ReadOnlySpan<int> values)
    {
        ArrayLength(values.Length);
        foreach (var value in values)
        {
            Int32(value);
        }
    }

    /// <summary>Ends a structure: no tagged fields, where the version has room for them.</summary>
    public void TaggedFields()
    {
        if (_flexible)
        {
            Append(1)[0] = 0;
        }
    }

    /// <summary>
    /// Starts a byte field of a size that is not known yet, to be filled through
    /// <see cref="GetSpan"/> and <see cref="Advance"/> and closed by <see cref="EndBytes"/>.
    /// </summary>
    public int BeginBytes()
    {
        var start = Length;
        // A five-byte varint with leading continuation bits is valid at any value, so the room is the same for any size.
        Append(_flexible ? 5 : 4);
        return start;
    }

    public void EndBytes(int start)
    {
        var prefix = _flexible ? 5 : 4;
        var size = Length - start - prefix;
        if (!_flexible)
        {
            PatchInt32(start, size);
            return;
        }
        var value = (uint)size + 1;
        var target = _buffer.AsSpan(start, prefix);
        for (var i = 0; i < 4; i++)
        {
            target[i] = (byte)(value | 0x80);
            value >>= 7;
        }
        target[4] = (byte)value;
    }

    public Span<byte> GetSpan(int size)
    {
        Reserve(size);
        return _buffer.AsSpan(Length, size);
    }

    public void Advance(int count) => Length += count;

    /// <summary>Goes back to an earlier length: what was written since is forgotten.</summary>
    public void Truncate(int length) => Length = length;

    public void PatchInt32(int position, int value) => BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(position), value);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Length = 0;
    }

    private void NullLength(bool isString)
    {
        if (_flexible)
        {
            Append(1)[0] = 0;
        }
        else if (isString)
        {
            Int16(-1);
        }
        else
        {
            Int32(-1);
        }
    }

    private void UnsignedVarint(uint value)
    {
        while (value >= 0x80)
        {
            Append(1)[0] = (byte)(value | 0x80);
            value >>= 7;
        }
        Append(1)[0] = (byte)value;
    }

    private Span<byte> Append(int size)
    {
        Reserve(size);
        var span = _buffer.AsSpan(Length, size);
        Length += size;
        return span;
    }

    private void Reserve(int size)
    {
        if (_buffer.Length - Length >= size)
        {
            return;
        }
        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + size), _buffer.Length * 2));
        _buffer.AsSpan(0, Length).CopyTo(grown);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = grown;
    }
}
