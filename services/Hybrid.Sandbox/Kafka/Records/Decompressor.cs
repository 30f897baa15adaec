using System.IO.Compression;
using Hybrid.Compression;

namespace Hybrid.Sandbox.Kafka.Records;

/// <summary>Makes a batch's records readable, for the few things for which the broker reads them.</summary>
internal static class Decompressor
{
    /// <summary>What a batch may come to at most when it is decompressed, in bytes: many times what a client makes of one.</summary>
    public const int MaxSize = 16 * 1024 * 1024;

    /// <summary>Whether the records can be read; false for an unknown codec, and for Zstandard where libzstd is not installed.</summary>
    /// <exception cref="InvalidDataException">The bytes are not what the codec says, or too many.</exception>
    public static bool TryDecompress(RecordBatch batch, out ReadOnlySpan<byte> records)
    {
        records = batch.Records;
        switch (batch.Codec)
        {
            case CompressionCodec.None:
                return true;
            case CompressionCodec.Gzip:
                records = ReadAll(new GZipStream(Source(batch), CompressionMode.Decompress));
                return true;
            case CompressionCodec.Snappy:
                records = SnappyDecoder.Decode(records, MaxSize);
                return true;
            case CompressionCodec.Lz4:
                records = Lz4Decoder.Decode(records, MaxSize);
                return true;
            case CompressionCodec.Zstd:
                return TryUnzstd(batch, ref records);
            default:
                return false;
        }
    }

    private static bool TryUnzstd(RecordBatch batch, ref ReadOnlySpan<byte> records)
    {
        try
        {
            records = ReadAll(new ZstdDecompressionStream(Source(batch)));
            return true;
        }
        catch (ZstdUnavailableException)
        {
            return false;
        }
    }

    private static MemoryStream Source(RecordBatch batch) => new(batch.Records.ToArray());

    private static ReadOnlySpan<byte> ReadAll(Stream source)
    {
        using var _ = source;
        using var target = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = source.Read(buffer)) > 0;)
        {
            if (target.Length + read > MaxSize)
            {
                throw new InvalidDataException($"a compressed batch of more than {MaxSize} bytes");
            }
            target.Write(buffer, 0, read);
        }
        return target.GetBuffer().AsSpan(0, (int)target.Length);
    }
}
