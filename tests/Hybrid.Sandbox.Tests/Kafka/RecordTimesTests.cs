using System.Buffers.Binary;
using Hybrid.Compression;
using Hybrid.Sandbox.Kafka.Log;
using Hybrid.Sandbox.Kafka.Records;

namespace Hybrid.Sandbox.Tests.Kafka;

public sealed class RecordTimesTests
{
    private const short Zstandard = 4;

    [Theory]
    [InlineData(999, 0, 40, 1000)]
    [InlineData(1001, 0, 41, 1010)]
    [InlineData(1000, 42, 42, 1020)]
    [InlineData(1021, 0, -1, -1)]
    public void FirstAtOrAfter_InAZstdBatch_IsExact(long timestamp, long start, long offset, long found)
    {
        byte[] records = [.. Record(0, 0), .. Record(10, 1), .. Record(20, 2)];
        using var compressed = new MemoryStream();
        using (var zstd = new ZstdCompressionStream(compressed, leaveOpen: true))
        {
            zstd.Write(records);
        }

        var batch = new RecordBatch(Batch(compressed.ToArray(), count: 3));

        Assert.Equal(new TimestampedOffset(offset, found), RecordTimes.FirstAtOrAfter(batch, timestamp, start));
    }

    /// <summary>A record without key and value; its integers are small enough for one zigzag byte each.</summary>
    private static byte[] Record(int timestampDelta, int offsetDelta) =>
        [6 << 1, 0, (byte)(timestampDelta << 1), (byte)(offsetDelta << 1), 1, 1, 0];

    private static byte[] Batch(byte[] content, int count)
    {
        var bytes = new byte[RecordBatch.HeaderSize + content.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, 40);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), bytes.Length - RecordBatch.LengthOverhead);
        bytes[16] = 2;
        BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(21), Zstandard);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(23), count - 1);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(27), 1000);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(35), 1020);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(57), count);
        content.CopyTo(bytes.AsSpan(RecordBatch.HeaderSize));
        new RecordBatch(bytes).Seal();
        return bytes;
    }
}
