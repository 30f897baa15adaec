using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Hybrid.Compression;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Pipeline.Formats.Avro;

/// <summary>Decompresses blocks of the codecs null, deflate, snappy and zstandard into one pooled buffer. Not for concurrent use.</summary>
internal sealed class AvroBlockCodec : IDisposable
{
    /// <summary>What a block may hold, compressed or not, bytes: larger ones are passed over. Writers take tens of KiB to a few MiB.</summary>
    public const int MaxBlockBytes = 64 * 1024 * 1024;

    private readonly string _codec;
    private readonly ZstdDecompressor? _zstd;
    private byte[] _content = [];

    /// <exception cref="InvalidDataException">The codec is not read here.</exception>
    /// <exception cref="HybridException">It is zstandard and libzstd is not on this machine.</exception>
    public AvroBlockCodec(string codec)
    {
        _codec = codec is "null" or "deflate" or "snappy" or "zstandard"
            ? codec
            : throw new InvalidDataException($"its codec is '{Lines.Excerpt.Of(codec)}', which is not read here: use null, deflate, snappy or zstandard");
        try
        {
            _zstd = codec == "zstandard" ? new ZstdDecompressor() : null;
        }
        catch (ZstdUnavailableException missing)
        {
            throw new HybridException(ExitCodes.WrongCall, missing.Message, missing);
        }
    }

    /// <summary>Decompresses a block. The result is valid until the next, or as long as the block itself.</summary>
    /// <exception cref="InvalidDataException">The block is damaged, or holds too much.</exception>
    public ReadOnlyMemory<byte> Decompress(ReadOnlyMemory<byte> block) => _codec switch
    {
        "deflate" => Inflate(block),
        "snappy" => Snappy(block.Span),
        "zstandard" => Zstandard(block.Span),
        _ => block,
    };

    public void Dispose()
    {
        _zstd?.Dispose();
        Return();
    }

    private ReadOnlyMemory<byte> Inflate(ReadOnlyMemory<byte> block)
    {
        MemoryMarshal.TryGetArray(block, out var bytes);
        using var inflater = new DeflateStream(new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count), CompressionMode.Decompress);
        var length = 0;
        while (true)
        {
            Grow(length, 4 * block.Length);
            var read = inflater.Read(_content, length, _content.Length - length);
            if (read == 0)
            {
                return _content.AsMemory(0, length);
            }

            length += read;
        }
    }

    private ReadOnlyMemory<byte> Zstandard(ReadOnlySpan<byte> block)
    {
        _zstd!.Reset();
        var length = 0;
        while (true)
        {
            Grow(length, 4 * block.Length);
            var status = _zstd.Decompress(block, _content.AsSpan(length), out var consumed, out var written);
            block = block[consumed..];
            length += written;
            if (status == OperationStatus.Done && block.IsEmpty)
            {
                return _content.AsMemory(0, length);
            }

            if (status == OperationStatus.NeedMoreData)
            {
                throw new InvalidDataException("the zstandard data ends too early");
            }
        }
    }

    private ReadOnlyMemory<byte> Snappy(ReadOnlySpan<byte> block)
    {
        const int ChecksumLength = sizeof(uint);
        if (block.Length < ChecksumLength)
        {
            throw new InvalidDataException("the snappy data ends too early");
        }

        var packed = block[..^ChecksumLength];
        var length = SnappyBlock.Length(packed, out var header);
        if (length > MaxBlockBytes)
        {
            throw TooLarge();
        }

        Grow(0, length);
        SnappyBlock.Decompress(packed[header..], _content.AsSpan(0, length));
        return SnappyBlock.Checksum(_content.AsSpan(0, length)) == BinaryPrimitives.ReadUInt32BigEndian(block[^ChecksumLength..])
            ? _content.AsMemory(0, length)
            : throw new InvalidDataException("the snappy data's checksum is wrong");
    }

    /// <summary>Makes room behind what is there.</summary>
    private void Grow(int length, int expected)
    {
        if (length < _content.Length)
        {
            return;
        }

        if (length >= MaxBlockBytes)
        {
            throw TooLarge();
        }

        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(MaxBlockBytes, Math.Max(Math.Max(2L * length, expected), 64 * 1024)));
        _content.AsSpan(0, length).CopyTo(larger);
        Return();
        _content = larger;
    }

    private void Return()
    {
        if (_content.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_content);
            _content = [];
        }
    }

    private static InvalidDataException TooLarge() => new($"the block holds more than {MaxBlockBytes} bytes");
}
