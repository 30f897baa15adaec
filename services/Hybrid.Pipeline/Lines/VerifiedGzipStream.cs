using System.IO.Compression;
using Hybrid.Pipeline.Streams;

namespace Hybrid.Pipeline.Lines;

/// <summary>
/// Decompresses gzip (RFC 1952, several members in a row included) and notices an archive that ends too early, which <see cref="GZipStream"/>
/// takes for the end. Once the archive has ended, a small sound member is fed in: only after a complete archive does it come out as it is.
/// Reading, which is
/// asynchronous only, fails with <see cref="InvalidDataException"/> when the archive is truncated, damaged, or followed by something else.
/// </summary>
public sealed class VerifiedGzipStream : ForwardStream
{
    private static readonly byte[] s_sealText = [.. "sealed"u8];
    private static readonly byte[] s_seal = Compress(s_sealText);

    private readonly PrefixedStream _source;
    private readonly GZipStream _gzip;
    private bool _verified;

    /// <summary>Makes a stream to read from.</summary>
    /// <param name="body">The archive; left open.</param>
    public VerifiedGzipStream(Stream body)
        : this(new PrefixedStream(default, body))
    {
    }

    internal VerifiedGzipStream(PrefixedStream source)
    {
        _source = source;
        _gzip = new GZipStream(source, CompressionMode.Decompress, leaveOpen: true);
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_verified || buffer.IsEmpty)
        {
            return 0;
        }

        var read = await _gzip.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (read == 0)
        {
            await VerifyAsync(cancellationToken).ConfigureAwait(false);
        }

        return read;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask VerifyAsync(CancellationToken cancellationToken)
    {
        if (!_source.HasEnded)
        {
            throw new InvalidDataException("bytes that are not gzip follow the archive");
        }

        _source.Append(s_seal);
        var tail = new byte[s_sealText.Length + 1];
        var read = await _gzip.ReadAtLeastAsync(tail, tail.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (!tail.AsSpan(0, read).SequenceEqual(s_sealText))
        {
            throw new InvalidDataException("the archive ends too early");
        }

        _verified = true;
    }

    private static byte[] Compress(byte[] text)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(text);
        }

        return packed.ToArray();
    }
}
