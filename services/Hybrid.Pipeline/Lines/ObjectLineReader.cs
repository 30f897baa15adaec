using System.Buffers;
using Hybrid.Pipeline.Formats;

namespace Hybrid.Pipeline.Lines;

/// <summary>
/// Reads an object line by line, plain, gzip (RFC 1952) or zstd (RFC 8878), told by its first bytes, as a cursor: each call of <see cref="ReadAsync"/>
/// moves on to the next line. Lines end with LF or CR LF, the last one also with the end of the object. An empty line is no line: it is
/// passed over, though <see cref="LineNumber"/> counts it, so that the number is the one an editor shows. A byte order mark at the begin is
/// passed over. Memory is bounded by the longest line allowed, however long a line or large the object is; nothing is allocated per line.
/// Not for concurrent use.
/// </summary>
public sealed class ObjectLineReader : IAsyncDisposable
{
    /// <summary>The longest line when nothing else is said, bytes.</summary>
    public const int DefaultMaxLineBytes = 1024 * 1024;

    /// <summary>How much of a line that is too long is kept, bytes.</summary>
    public const int KeptBytes = 4 * 1024;

    private const int InitialBuffer = 64 * 1024;

    private readonly string _objectKey;
    private readonly int _maxLineBytes;
    private readonly DecodedStream _content;
    private byte[] _buffer;
    private int _start;
    private int _end;
    private int _searched;
    private bool _ended;

    /// <summary>Makes a reader.</summary>
    /// <param name="body">The object's bytes; left open.</param>
    /// <param name="objectKey">The object's key, for messages.</param>
    /// <param name="maxLineBytes">The longest line, bytes without its end, from 4 KiB to 1 GiB; a longer one is reported and passed over.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of range.</exception>
    public ObjectLineReader(Stream body, string objectKey, int maxLineBytes = DefaultMaxLineBytes)
        : this(new DecodedStream(body), objectKey, maxLineBytes)
    {
    }

    /// <summary>Makes a reader of content that was looked at already; it is disposed with the reader.</summary>
    internal ObjectLineReader(DecodedStream content, string objectKey, int maxLineBytes)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLineBytes, KeptBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxLineBytes, 1 << 30);
        _content = content;
        _objectKey = objectKey;
        _maxLineBytes = maxLineBytes;
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Min(InitialBuffer, maxLineBytes + 2));
    }

    /// <summary>The line without its end; the first <see cref="KeptBytes"/> of it when it is too long. Valid until the next read.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>The line's number in the object, from 1; empty lines have one too.</summary>
    public long LineNumber { get; private set; }

    /// <summary>The line's whole length in bytes without its end, also when it is too long.</summary>
    public long LineLength { get; private set; }

    /// <summary>Whether the line is longer than allowed, so that <see cref="Line"/> holds only its begin.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Moves on to the next line.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False at the end of the object.</returns>
    /// <exception cref="CorruptObjectException">The archive is truncated or damaged here; the lines before it were sound.</exception>
    /// <exception cref="IOException">Reading the body failed.</exception>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (TryTake(out var length))
        {
            if (length > 0)
            {
                return new ValueTask<bool>(true);
            }
        }

        return ReadSlowlyAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            Line = default;
        }

        await _content.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<bool> ReadSlowlyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            while (TryTake(out var length))
            {
                if (length > 0)
                {
                    return true;
                }
            }

            if (_ended)
            {
                return TakeLast();
            }

            if (_end - _start > _maxLineBytes + 1)
            {
                await SkipLongLineAsync(cancellationToken).ConfigureAwait(false);
                return true;
            }

            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes the next line out of the buffer, if it holds one whole.</summary>
    private bool TryTake(out long length)
    {
        length = 0;
        var at = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
        if (at < 0)
        {
            _searched = _end;
            return false;
        }

        var next = _searched + at + 1;
        length = SetLine(_start, next - 1);
        _start = _searched = next;
        return true;
    }

    private bool TakeLast()
    {
        if (_start == _end)
        {
            Line = default;
            return false;
        }

        var length = SetLine(_start, _end);
        _start = _searched = _end;
        return length > 0;
    }

    private int SetLine(int start, int end)
    {
        if (end > start && _buffer[end - 1] == '\r')
        {
            end--;
        }

        LineNumber++;
        LineLength = end - start;
        IsTooLong = LineLength > _maxLineBytes;
        Line = _buffer.AsMemory(start, IsTooLong ? KeptBytes : end - start);
        return end - start;
    }

    /// <summary>Keeps the begin of the line in the buffer's first bytes and reads over the rest of it.</summary>
    private async ValueTask SkipLongLineAsync(CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_start, KeptBytes).CopyTo(_buffer);
        var length = (long)_end - _start;
        var last = _buffer[_end - 1];
        while (true)
        {
            var read = await ReadBodyAsync(_buffer.AsMemory(KeptBytes), cancellationToken).ConfigureAwait(false);
            var at = _buffer.AsSpan(KeptBytes, read).IndexOf((byte)'\n');
            if (at > 0 || (at < 0 && read > 0))
            {
                last = _buffer[KeptBytes + (at < 0 ? read : at) - 1];
            }

            if (at >= 0 || read == 0)
            {
                length += Math.Max(at, 0);
                _start = _searched = KeptBytes + at + 1;
                _end = KeptBytes + read;
                _ended = read == 0;
                break;
            }

            length += read;
        }

        LineNumber++;
        LineLength = last == '\r' ? length - 1 : length;
        IsTooLong = true;
        Line = _buffer.AsMemory(0, KeptBytes);
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        MakeRoom();
        var read = await ReadBodyAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        if (read == 0)
        {
            _ended = true;
            return;
        }

        if (LineNumber == 0 && _end == 0 && _buffer.AsSpan(0, read).StartsWith("\uFEFF"u8))
        {
            _start = _searched = 3;
        }

        _end += read;
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            _start = _end = _searched = 0;
            return;
        }

        if (_end < _buffer.Length)
        {
            return;
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * _buffer.Length, _maxLineBytes + 2L + KeptBytes));
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        _searched -= _start;
        _end -= _start;
        _start = 0;
    }

    private async ValueTask<int> ReadBodyAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        try
        {
            return await _content.ReadAsync(target, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException failure)
        {
            throw new CorruptObjectException(_objectKey, LineNumber + 1, failure.Message, failure);
        }
    }
}
