using System.IO.Compression;
using Hybrid.Sandbox.Kafka.Log;

namespace Hybrid.Sandbox.Kafka.Records;

/// <summary>Finds a record by its time within one batch: the only thing for which the broker reads records.</summary>
internal static class RecordTimes
{
    private const int MaxDecompressed = 64 * 1024 * 1024;

    /// <summary>
    /// The first record from <paramref name="start"/> on that is not earlier than <paramref name="timestamp"/>; offset −1 if
    /// there is none. In a batch of a codec that the broker cannot read (Zstandard), its first record stands for all.
    /// </summary>
    public static TimestampedOffset FirstAtOrAfter(RecordBatch batch, long timestamp, long start)
    {
        if (batch.HasLogAppendTime)
        {
            return new TimestampedOffset(Math.Max(batch.BaseOffset, start), batch.MaxTimestamp);
        }
        var records = batch.Codec switch
        {
            CompressionCodec.None => batch.Records,
            CompressionCodec.Gzip => Gunzip(batch.Records),
            CompressionCodec.Snappy => SnappyDecoder.Decode(batch.Records, MaxDecompressed),
            CompressionCodec.Lz4 => Lz4Decoder.Decode(batch.Records, MaxDecompressed),
            _ => default,
        };
        if (records.IsEmpty)
        {
            return new TimestampedOffset(Math.Max(batch.BaseOffset, start), batch.BaseTimestamp);
        }
        for (var i = 0; i < batch.RecordCount; i++)
        {
            var length = (int)Varint(ref records);
            var record = records[..length];
            records = records[length..];
            record = record[1..];
            var time = batch.BaseTimestamp + Varint(ref record);
            var offset = batch.BaseOffset + Varint(ref record);
            if (time >= timestamp && offset >= start)
            {
                return new TimestampedOffset(offset, time);
            }
        }
        return new TimestampedOffset(-1, -1);
    }

    private static ReadOnlySpan<byte> Gunzip(ReadOnlySpan<byte> records)
    {
        using var source = new GZipStream(new MemoryStream(records.ToArray()), CompressionMode.Decompress);
        using var target = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = source.Read(buffer)) > 0 && target.Length < MaxDecompressed;)
        {
            target.Write(buffer, 0, read);
        }
        return target.ToArray();
    }

    private static long Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        var shift = 0;
        var taken = 0;
        while (true)
        {
            var next = bytes[taken++];
            value |= (ulong)(next & 0x7f) << shift;
            shift += 7;
            if ((next & 0x80) == 0)
            {
                break;
            }
        }
        bytes = bytes[taken..];
        return (long)(value >> 1) ^ -(long)(value & 1);
    }
}
