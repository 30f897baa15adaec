using Hybrid.Sandbox.Kafka.Log;

namespace Hybrid.Sandbox.Kafka.Records;

/// <summary>Finds a record by its time within one batch.</summary>
internal static class RecordTimes
{
    /// <summary>
    /// The first record from <paramref name="start"/> on that is not earlier than <paramref name="timestamp"/>; offset −1 if
    /// there is none. In a batch that the broker cannot read, its first record stands for all.
    /// </summary>
    public static TimestampedOffset FirstAtOrAfter(RecordBatch batch, long timestamp, long start)
    {
        if (batch.HasLogAppendTime)
        {
            return new TimestampedOffset(Math.Max(batch.BaseOffset, start), batch.MaxTimestamp);
        }
        try
        {
            if (!Decompressor.TryDecompress(batch, out var records))
            {
                return First(batch, start);
            }
            var reader = new RecordReader(batch, records);
            while (reader.Next())
            {
                if (reader.Timestamp >= timestamp && reader.Offset >= start)
                {
                    return new TimestampedOffset(reader.Offset, reader.Timestamp);
                }
            }
            return new TimestampedOffset(-1, -1);
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException or IndexOutOfRangeException)
        {
            // The producer's checksum holds but what it covers is no record; a reader will have to make do with it.
            return First(batch, start);
        }
    }

    private static TimestampedOffset First(RecordBatch batch, long start) => new(Math.Max(batch.BaseOffset, start), batch.BaseTimestamp);
}
