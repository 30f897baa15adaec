using System.Buffers;
using Hybrid.Compression;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lines;
using Hybrid.Pipeline.Streams;

namespace Hybrid.Pipeline.Formats;

/// <summary>
/// An object's content: decompressed when its first bytes say that it is gzip or zstd, which no format of records begins with. Fails with
/// <see cref="InvalidDataException"/> when the archive is truncated, damaged, followed by something else, or expands without measure. Memory
/// is bounded, whatever is in it. Reading is asynchronous only. Leaves the object open.
/// </summary>
/// <param name="body">The object.</param>
/// <param name="maxExpansion">See <see cref="FormatSettings.MaxExpansion"/>.</param>
internal sealed class DecodedStream(Stream body, int maxExpansion = FormatSettings.DefaultMaxExpansion) : ForwardStream
{
    private const long SmallSize = 64 * 1024 * 1024;

    private PrefixedStream? _raw;
    private Stream? _content;
    private byte[] _ahead = [];
    private int _aheadStart;
    private int _aheadEnd;
    private long _expanded;

    /// <summary>How the object is compressed; known once something was read.</summary>
    public ObjectCompression Compression { get; private set; }

    /// <summary>Looks at the first bytes, which a read gives again. Only before the first read, and once.</summary>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The bytes; fewer when the content is shorter.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int count, CancellationToken cancellationToken)
    {
        var ahead = ArrayPool<byte>.Shared.Rent(count);
        try
        {
            while (_aheadEnd < count && await ReadContentAsync(ahead.AsMemory(_aheadEnd, count - _aheadEnd), cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                _aheadEnd += read;
            }
        }
        finally
        {
            _ahead = ahead;
        }

        return _ahead.AsMemory(0, _aheadEnd);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_aheadStart == _aheadEnd)
        {
            return ReadContentAsync(buffer, cancellationToken);
        }

        var count = Math.Min(buffer.Length, _aheadEnd - _aheadStart);
        _ahead.AsMemory(_aheadStart, count).CopyTo(buffer);
        _aheadStart += count;
        return ValueTask.FromResult(count);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _ahead.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_ahead);
            _ahead = [];
            _aheadStart = _aheadEnd = 0;
        }

        if (disposing && Compression != ObjectCompression.None)
        {
            _content?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadContentAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _content ??= await OpenAsync(cancellationToken).ConfigureAwait(false);
        if (Compression == ObjectCompression.None)
        {
            return await _content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }

        int read;
        try
        {
            read = await _content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException failure)
        {
            var name = Compression == ObjectCompression.Gzip ? "gzip" : "zstd";
            throw new InvalidDataException($"the {name} data is truncated or damaged", failure);
        }

        _expanded += read;
        return _expanded <= SmallSize || _expanded / maxExpansion <= _raw!.BytesRead
            ? read
            : throw new InvalidDataException(
                $"the archive expands to more than {maxExpansion} times its size (Source:MaxExpansion): {_expanded} bytes out of {_raw.BytesRead}");
    }

    private async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        var magic = new byte[4];
        var read = await body.ReadAtLeastAsync(magic, magic.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        var begin = magic.AsMemory(0, read);
        _raw = new PrefixedStream(begin, body);
        if (begin.Span.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
        {
            Compression = ObjectCompression.Gzip;
            return new VerifiedGzipStream(_raw);
        }

        if (!Zstd.IsFrame(begin.Span))
        {
            return _raw;
        }

        try
        {
            var content = new ZstdDecompressionStream(_raw, leaveOpen: true);
            Compression = ObjectCompression.Zstd;
            return content;
        }
        catch (ZstdUnavailableException missing)
        {
            throw new HybridException(ExitCodes.WrongCall, missing.Message, missing);
        }
    }
}
