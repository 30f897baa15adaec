namespace Hybrid.Pipeline.Lines;

/// <summary>A stream whose first bytes were read already, and to which more may be appended once it has ended. Leaves the rest open.</summary>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : Stream
{
    private ReadOnlyMemory<byte> _prefix = prefix;
    private bool _restEnded;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether everything was read.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Bytes read, those that came first included.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Puts bytes behind the end.</summary>
    public void Append(ReadOnlyMemory<byte> suffix)
    {
        _prefix = suffix;
        HasEnded = false;
        _restEnded = true;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = Math.Min(buffer.Length, _prefix.Length);
        if (count > 0)
        {
            _prefix[..count].CopyTo(buffer);
            _prefix = _prefix[count..];
            BytesRead += count;
            return count;
        }

        var read = _restEnded ? 0 : await rest.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        HasEnded = read == 0 && buffer.Length > 0;
        BytesRead += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("read asynchronously");

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
