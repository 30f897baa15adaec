using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Hybrid.Sandbox.Kafka.Log;
using Hybrid.Sandbox.Kafka.Network;

namespace Hybrid.Sandbox.Kafka.Protocol;

/// <summary>
/// Writes responses, one after the other, into a buffer that grows as needed; stretches of files are only referred to.
/// The counterpart of <see cref="RequestReader"/>: whether lengths are compact follows from the version of the request being
/// answered.
/// </summary>
internal sealed class ResponseWriter(ConnectionBuffers buffers) : IDisposable
{
    private const int InitialCapacity = 16 * 1024;

    private readonly List<FilePart> _parts = [];
    private byte[] _buffer = buffers.Rent(InitialCapacity);
    private int _frameStart;
    private bool _flexible;

    /// <summary>Bytes in the buffer, without those of files.</summary>
    public int Length { get; private set; }

    /// <summary>Whether parts of files are to be sent: then before the next response is begun.</summary>
    public bool HasFiles => _parts.Count > 0;

    /// <summary>What is in the buffer: all there is unless <see cref="HasFiles"/>.</summary>
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

    public void EndFrame() => PatchInt32(_frameStart, checked((int)(Length - _frameStart - sizeof(int) + FileBytesFrom(_frameStart))));

    /// <summary>Forgets the frame that was begun, as for a request that wants no answer.</summary>
    public void DropFrame() => Truncate(_frameStart);

    /// <summary>Forgets what was written, once it has been sent, and gives back a buffer that had to grow large.</summary>
    public void Clear()
    {
        Truncate(0);
        if (buffers.IsTooLargeToKeep(_buffer))
        {
            buffers.Return(_buffer);
            _buffer = buffers.Rent(InitialCapacity);
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
        var size = checked((int)(Length - start - prefix + FileBytesFrom(start)));
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

    /// <summary>Puts a stretch of a file here, to be sent from it.</summary>
    /// <param name="segment">The file, leased; the lease ends once the response is sent or forgotten.</param>
    /// <param name="position">Where the stretch begins.</param>
    /// <param name="length">Its bytes.</param>
    public void File(LogSegment segment, int position, int length) => _parts.Add(new FilePart(Length, segment, position, length));

    /// <summary>What is to be sent, in order.</summary>
    public SendPacketsElement[] Elements()
    {
        var elements = new List<SendPacketsElement>(2 * _parts.Count + 1);
        var sent = 0;
        foreach (var part in _parts)
        {
            if (part.At > sent)
            {
                elements.Add(new SendPacketsElement(_buffer, sent, part.At - sent));
                sent = part.At;
            }
            elements.Add(part.Segment.Part(part.Position, part.Length));
        }
        if (Length > sent)
        {
            elements.Add(new SendPacketsElement(_buffer, sent, Length - sent));
        }
        return [.. elements];
    }

    /// <summary>Goes back to an earlier length: what was written since is forgotten.</summary>
    public void Truncate(int length)
    {
        Length = length;
        while (_parts.Count > 0 && _parts[^1].At >= length)
        {
            _parts[^1].Segment.Release();
            _parts.RemoveAt(_parts.Count - 1);
        }
    }

    public void PatchInt32(int position, int value) => BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(position), value);

    public void Dispose()
    {
        Truncate(0);
        buffers.Return(_buffer);
        _buffer = [];
    }

    private long FileBytesFrom(int position)
    {
        var bytes = 0L;
        foreach (ref readonly var part in CollectionsMarshal.AsSpan(_parts))
        {
            bytes += part.At >= position ? part.Length : 0;
        }
        return bytes;
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
        if (_buffer.Length - Length < size)
        {
            _buffer = buffers.Grow(_buffer, Length, Math.Max(checked(Length + size), (int)Math.Min(_buffer.Length * 2L, Array.MaxLength)));
        }
    }
}
