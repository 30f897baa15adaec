using Confluent.Kafka;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Pipeline.Lanes;

/// <summary>Where a lane begins that restarts at the newest: at the records of the last window of event time, or at the end.</summary>
public static class LatestStart
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Finds the offsets to begin at.</summary>
    /// <param name="consumer">Asks the cluster.</param>
    /// <param name="committed">What the group has committed; partitions without a commit begin at their beginning, since nothing was missed.</param>
    /// <param name="window">How much event time to read again.</param>
    /// <param name="clock">Maps event time onto the wall time of the log.</param>
    /// <returns>The offsets, never before the committed ones.</returns>
    public static List<TopicPartitionOffset> Find(
        IConsumer<byte[], byte[]> consumer, IReadOnlyList<TopicPartitionOffset> committed, TimeSpan window, EventClock clock)
    {
        var from = window == TimeSpan.Zero
            ? null
            : consumer.OffsetsForTimes(
                committed.Select(place => new TopicPartitionTimestamp(
                    place.TopicPartition, new Timestamp(clock.ToWall(clock.GetUtcNow() - window).ToUnixTimeMilliseconds(), TimestampType.CreateTime))),
                Timeout).ToDictionary(place => place.TopicPartition, place => place.Offset);
        var starts = new List<TopicPartitionOffset>(committed.Count);
        foreach (var place in committed)
        {
            if (place.Offset.IsSpecial)
            {
                starts.Add(place);
                continue;
            }

            var found = from?[place.TopicPartition] ?? Offset.End;
            var target = found.IsSpecial ? consumer.QueryWatermarkOffsets(place.TopicPartition, Timeout).High : found;
            starts.Add(new TopicPartitionOffset(place.TopicPartition, Math.Max(place.Offset.Value, target.Value)));
        }

        return starts;
    }
}
