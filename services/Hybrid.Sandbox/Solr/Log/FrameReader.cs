using System.Buffers;
using System.Buffers.Binary;

namespace Hybrid.Sandbox.Solr.Log;

/// <summary>Reads the frames of a file up to its end or to the first damaged one.</summary>
internal sealed class FrameReader : IDisposable
{
    private const int BufferSize = 1 << 20;

    private readonly FileStream _file;
    private byte[] _payload = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int _length;

    public FrameReader(string path) =>
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, BufferSize, FileOptions.SequentialScan);

    /// <summary>How much of the file is whole frames, so far.</summary>
    public long ValidLength { get; private set; }

    /// <summary>Whether the file goes on behind the last whole frame.</summary>
    public bool IsTorn => ValidLength < _file.Length;

    public FrameKind Kind => (FrameKind)_payload[0];

    /// <summary>What the frame holds behind its kind; valid until the next is read.</summary>
    public ReadOnlySpan<byte> Content => _payload.AsSpan(1, _length - 1);

    public bool Read()
    {
        Span<byte> header = stackalloc byte[Frames.HeaderSize];
        if (_file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
        {
            return false;
        }

        _length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (_length is < 1 or > Frames.MaxPayload || _length > _file.Length - ValidLength)
        {
            return false;
        }

        if (_payload.Length < _length)
        {
            ArrayPool<byte>.Shared.Return(_payload);
            _payload = ArrayPool<byte>.Shared.Rent(_length);
        }

        var payload = _payload.AsSpan(0, _length);
        if (_file.ReadAtLeast(payload, _length, throwOnEndOfStream: false) < _length
            || Frames.Crc32C(payload) != BinaryPrimitives.ReadUInt32LittleEndian(header[4..]))
        {
            return false;
        }

        ValidLength += Frames.HeaderSize + _length;
        return true;
    }

    public void Dispose()
    {
        _file.Dispose();
        ArrayPool<byte>.Shared.Return(_payload);
    }
}
