using System.Buffers;

namespace Hybrid.Compression;

/// <summary>
/// Reads what a zstd archive (RFC 8878) holds: one frame or several in a row, skippable ones passed over. An archive that ends within a frame,
/// is damaged or followed by something else fails with <see cref="InvalidDataException"/>; what was read before is sound as far as its
/// frames' checksums say. Memory is bounded by the window. Not for concurrent use.
/// </summary>
public sealed class ZstdDecompressionStream : Stream
{
    private const int InputSize = 64 * 1024;

    private readonly Stream _source;
    private readonly bool _leaveOpen;
    private readonly ZstdDecompressor _decompressor;
    private byte[]? _input;
    private int _start;
    private int _end;
    private bool _hasContent;
    private bool _isWithinFrame = true;

    /// <summary>Makes a stream to read from.</summary>
    /// <param name="source">The archive.</param>
    /// <param name="leaveOpen">Whether the archive stays open when this is disposed.</param>
    /// <param name="maxWindowLog">The largest window accepted, as a power of two, 10 to 30.</param>
    /// <exception cref="ZstdUnavailableException">The native library is not on this machine.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The window is out of range.</exception>
    public ZstdDecompressionStream(Stream source, bool leaveOpen = false, int maxWindowLog = Zstd.DefaultMaxWindowLog)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _leaveOpen = leaveOpen;
        _decompressor = new ZstdDecompressor(maxWindowLog);
        _input = ArrayPool<byte>.Shared.Rent(InputSize);
    }

    /// <inheritdoc/>
    public override bool CanRead => _input is not null;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (TryDecompress(buffer, out var written))
            {
                return written;
            }

            if (Filled(_source.Read(Input)) == 0)
            {
                break;
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            if (TryDecompress(buffer.Span, out var written))
            {
                return written;
            }

            if (Filled(await _source.ReadAsync(Input, cancellationToken).ConfigureAwait(false)) == 0)
            {
                break;
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _input is { } input)
        {
            _input = null;
            _decompressor.Dispose();
            ArrayPool<byte>.Shared.Return(input);
            if (!_leaveOpen)
            {
                _source.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private byte[] Input => _input ?? throw new ObjectDisposedException(nameof(ZstdDecompressionStream));

    /// <summary>Decompresses what is there; false when more of the archive is needed.</summary>
    private bool TryDecompress(Span<byte> buffer, out int written)
    {
        written = 0;
        while (_start < _end || _hasContent)
        {
            var status = _decompressor.Decompress(Input.AsSpan(_start, _end - _start), buffer, out var consumed, out written);
            _start += consumed;
            _isWithinFrame = status != OperationStatus.Done;
            _hasContent = status == OperationStatus.DestinationTooSmall;
            if (written > 0)
            {
                return true;
            }

            if (consumed == 0 && status != OperationStatus.Done)
            {
                break;
            }
        }

        return false;
    }

    private int Filled(int read)
    {
        _start = 0;
        _end = read;
        return read > 0 || !_isWithinFrame ? read : throw new InvalidDataException("the zstd archive ends too early");
    }
}
