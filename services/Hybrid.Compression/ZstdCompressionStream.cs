using System.Buffers;

namespace Hybrid.Compression;

/// <summary>Writes a zstd archive (RFC 8878) of one frame with a checksum; disposing ends it. The same bytes give the same archive. Not for concurrent use.</summary>
public sealed class ZstdCompressionStream : Stream
{
    /// <summary>The level when nothing else is said: what the <c>zstd</c> command takes.</summary>
    public const int DefaultLevel = 3;

    private const int OutputSize = 64 * 1024;

    private readonly Stream _target;
    private readonly bool _leaveOpen;
    private readonly ZstdCompressionContext _context;
    private byte[]? _output;

    /// <summary>Makes a stream to write to.</summary>
    /// <param name="target">Where the archive goes.</param>
    /// <param name="leaveOpen">Whether the target stays open when this is disposed.</param>
    /// <param name="level">The level, 1 to 22.</param>
    /// <exception cref="ZstdUnavailableException">The native library is not on this machine.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The level is out of range.</exception>
    public ZstdCompressionStream(Stream target, bool leaveOpen = false, int level = DefaultLevel)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfLessThan(level, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, 22);
        _target = target;
        _leaveOpen = leaveOpen;
        _context = Zstd.Load(ZstdNative.CreateCompression);
        ZstdNative.Check(ZstdNative.SetParameter(_context, ZstdNative.CompressionLevel, level));
        ZstdNative.Check(ZstdNative.SetParameter(_context, ZstdNative.Checksum, 1));
        _output = ArrayPool<byte>.Shared.Rent(OutputSize);
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => _output is not null;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            Compress(buffer, ZstdNative.Continue, out var consumed, out var written);
            buffer = buffer[consumed..];
            _target.Write(Output.AsSpan(0, written));
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            Compress(buffer.Span, ZstdNative.Continue, out var consumed, out var written);
            buffer = buffer[consumed..];
            await _target.WriteAsync(Output.AsMemory(0, written), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes everything written so far readable; costs compression.</summary>
    public override void Flush()
    {
        Drain(ZstdNative.Flush);
        _target.Flush();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _output is { } output)
        {
            try
            {
                Drain(ZstdNative.End);
            }
            finally
            {
                _output = null;
                _context.Dispose();
                ArrayPool<byte>.Shared.Return(output);
                if (!_leaveOpen)
                {
                    _target.Dispose();
                }
            }
        }

        base.Dispose(disposing);
    }

    private byte[] Output => _output ?? throw new ObjectDisposedException(nameof(ZstdCompressionStream));

    private void Drain(int directive)
    {
        nuint left;
        do
        {
            left = Compress(default, directive, out _, out var written);
            _target.Write(Output.AsSpan(0, written));
        }
        while (left > 0);
    }

    private unsafe nuint Compress(ReadOnlySpan<byte> source, int directive, out int consumed, out int written)
    {
        fixed (byte* from = source, to = Output)
        {
            var input = new ZstdBuffer { Bytes = (nint)from, Size = (nuint)source.Length };
            var output = new ZstdBuffer { Bytes = (nint)to, Size = (nuint)Output.Length };
            var left = ZstdNative.Check(ZstdNative.Compress(_context, ref output, ref input, directive));
            consumed = (int)input.Position;
            written = (int)output.Position;
            return left;
        }
    }
}
