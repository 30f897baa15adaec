using Hybrid.Pipeline.Streams;

namespace Hybrid.Pipeline.Lines;

/// <summary>A stream whose first bytes were read already, and to which more may be appended once it has ended. Leaves the rest open.</summary>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : ForwardStream
{
    private ReadOnlyMemory<byte> _prefix = prefix;
    private bool _restEnded;

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
}
