using System.Buffers;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Pipeline.Formats;

/// <summary>
/// The part of an object's content that is being looked at: a pooled buffer that grows up to a limit. Damage of the archive becomes a
/// <see cref="CorruptObjectException"/> once everything before it was taken. Not for concurrent use.
/// </summary>
internal sealed class ReadAheadBuffer(DecodedStream content, string objectKey, int limit) : IAsyncDisposable
{
    private const int InitialSize = 64 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Math.Min(InitialSize, limit));
    private int _start;
    private int _end;

    /// <summary>What was read and not yet taken.</summary>
    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Whether everything was read.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether so many bytes can be looked at together.</summary>
    public bool CanHold(long count) => count <= limit;

    /// <summary>A part of what was read; valid until the next fill.</summary>
    public ReadOnlyMemory<byte> Slice(int offset, int count) => _bytes.AsMemory(_start + offset, count);

    /// <summary>Takes bytes away.</summary>
    public void Advance(int count) => _start += count;

    /// <summary>Reads on until so many bytes are unread, or the content ends.</summary>
    /// <param name="count">How many; at most the limit.</param>
    /// <param name="place">The line or record that the next bytes belong to, for the error.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CorruptObjectException">The archive is damaged.</exception>
    public async ValueTask FillAsync(int count, long place, CancellationToken cancellationToken)
    {
        MakeRoom(count);
        while (_end - _start < count && !HasEnded)
        {
            int read;
            try
            {
                read = await content.ReadAsync(_bytes.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            }
            catch (InvalidDataException failure)
            {
                throw new CorruptObjectException(objectKey, place, failure.Message, failure);
            }

            _end += read;
            HasEnded = read == 0;
        }
    }

    public ValueTask DisposeAsync()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _start = _end = 0;
        return content.DisposeAsync();
    }

    private void MakeRoom(int count)
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }

        if (count <= _bytes.Length)
        {
            if (_bytes.Length - _start < count || _end == _bytes.Length)
            {
                Unread.CopyTo(_bytes);
                _end -= _start;
                _start = 0;
            }

            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(limit, Math.Max(count, 2 * _bytes.Length)));
        Unread.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
        _end -= _start;
        _start = 0;
    }
}
