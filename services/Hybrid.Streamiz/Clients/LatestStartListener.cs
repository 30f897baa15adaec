using Confluent.Kafka;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Measurement;
using Microsoft.Extensions.Logging;
using Streamiz.Kafka.Net.Kafka;

namespace Hybrid.Streamiz.Clients;

/// <summary>
/// Restarts a lane at the newest: at its first assignment it commits the offsets to begin at, before Streamiz takes the partitions over
/// and reads from what is committed.
/// </summary>
internal sealed partial class LatestStartListener(
    IConsumerRebalanceListener inner, TimeSpan window, EventClock clock, HybridMetrics metrics, ILogger logger) : IConsumerRebalanceListener
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private bool _restarting = true;

    public void PartitionsAssigned(IConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions)
    {
        if (_restarting && partitions.Count > 0)
        {
            _restarting = false;
            PassOver(consumer, partitions);
        }

        inner.PartitionsAssigned(consumer, partitions);
    }

    public void PartitionsRevoked(IConsumer<byte[], byte[]> consumer, List<TopicPartitionOffset> partitions) =>
        inner.PartitionsRevoked(consumer, partitions);

    public void PartitionsLost(IConsumer<byte[], byte[]> consumer, List<TopicPartitionOffset> partitions) =>
        inner.PartitionsLost(consumer, partitions);

    private void PassOver(IConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions)
    {
        var committed = consumer.Committed(partitions, Timeout);
        var starts = LatestStart.Find(consumer, committed, window, clock);
        var moved = starts.Zip(committed)
            .Where(pair => !pair.First.Offset.IsSpecial && pair.First.Offset.Value > pair.Second.Offset.Value)
            .ToList();
        if (moved.Count == 0)
        {
            return;
        }

        var skipped = moved.Sum(pair => pair.First.Offset.Value - pair.Second.Offset.Value);
        consumer.Commit(moved.Select(pair => pair.First));
        metrics.RecordsSkipped.Add(skipped);
        LogSkipped(skipped);
    }

    [LoggerMessage(EventId = 620, Level = LogLevel.Warning, Message = "Restarted at the newest: {Skipped} offsets passed over")]
    private partial void LogSkipped(long skipped);
}
