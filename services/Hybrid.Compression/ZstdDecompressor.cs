using System.Buffers;

namespace Hybrid.Compression;

/// <summary>Decompresses zstd (RFC 8878) from buffer to buffer. One context serves any number of frames. Not for concurrent use.</summary>
public sealed class ZstdDecompressor : IDisposable
{
    private readonly ZstdDecompressionContext _context;

    /// <summary>Makes a decompressor.</summary>
    /// <param name="maxWindowLog">The largest window accepted, as a power of two, 10 to 30: memory is bounded by it.</param>
    /// <exception cref="ZstdUnavailableException">The native library is not on this machine.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The window is out of range.</exception>
    public ZstdDecompressor(int maxWindowLog = Zstd.DefaultMaxWindowLog)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxWindowLog, 10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxWindowLog, 30);
        _context = Zstd.Load(ZstdNative.CreateDecompression);
        ZstdNative.Check(ZstdNative.SetParameter(_context, ZstdNative.WindowLogMax, maxWindowLog));
    }

    /// <summary>Decompresses as much as fits.</summary>
    /// <param name="source">Compressed bytes: the next ones of the frame, or the first of another.</param>
    /// <param name="destination">Where the content goes.</param>
    /// <param name="consumed">Bytes used of the source.</param>
    /// <param name="written">Bytes written to the destination.</param>
    /// <returns>
    /// <see cref="OperationStatus.Done"/> when a frame ended here, <see cref="OperationStatus.DestinationTooSmall"/> when there may be more
    /// content, <see cref="OperationStatus.NeedMoreData"/> when the source is used up in the middle of a frame.
    /// </returns>
    /// <exception cref="InvalidDataException">The bytes are not zstd, are damaged, or need a larger window than allowed.</exception>
    public unsafe OperationStatus Decompress(ReadOnlySpan<byte> source, Span<byte> destination, out int consumed, out int written)
    {
        fixed (byte* from = source, to = destination)
        {
            var input = new ZstdBuffer { Bytes = (nint)from, Size = (nuint)source.Length };
            var output = new ZstdBuffer { Bytes = (nint)to, Size = (nuint)destination.Length };
            var left = ZstdNative.Check(ZstdNative.Decompress(_context, ref output, ref input));
            consumed = (int)input.Position;
            written = (int)output.Position;
            return left == 0 ? OperationStatus.Done
                : written == destination.Length ? OperationStatus.DestinationTooSmall
                : OperationStatus.NeedMoreData;
        }
    }

    /// <summary>Forgets an unfinished frame, so that the next bytes begin another.</summary>
    public void Reset() => ZstdNative.Check(ZstdNative.Reset(_context, directive: 1));

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();
}
