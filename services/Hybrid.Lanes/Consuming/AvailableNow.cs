using Confluent.Kafka;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Lanes.Consuming;

/// <summary>
/// What the deltas topic holds when a lane begins that is to take just that. A member whose partitions are at their ends is done: whoever holds
/// the others takes them to theirs. One that was given none waits until all are, since it may be given some yet.
/// </summary>
internal sealed class AvailableNow
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly Dictionary<int, long> _ends;

    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly string _topic;

    private AvailableNow(IConsumer<byte[], byte[]> consumer, string topic, Dictionary<int, long> ends) => (_consumer, _topic, _ends) = (consumer, topic, ends);

    /// <summary>Asks for the ends of the partitions, as a reader of committed records sees them.</summary>
    /// <exception cref="HybridException">Kafka does not answer.</exception>
    public static AvailableNow Begin(IConsumer<byte[], byte[]> consumer, IAdminClient admin, string topic)
    {
        try
        {
            return new AvailableNow(consumer, topic, admin.GetMetadata(topic, Timeout).Topics
                .SelectMany(found => found.Partitions)
                .ToDictionary(
                    partition => partition.PartitionId,
                    partition => consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition.PartitionId), Timeout).High.Value));
        }
        catch (KafkaException failure)
        {
            throw HybridException.Unreachable($"Kafka does not say where {topic} ends ({failure.Error.Reason}): nothing was taken; start the lane again", failure);
        }
    }

    /// <summary>Whether a record came after the lane began: it is left to the next run.</summary>
    public bool IsBeyond(int partition, long offset) => offset >= EndOf(partition);

    /// <summary>The end of a partition when the lane began; 0 for one that is newer.</summary>
    public long EndOf(int partition) => _ends.GetValueOrDefault(partition);

    /// <summary>Whether everything was taken in the partitions that are held, or where none is, committed in all.</summary>
    public bool IsTaken(Assignment assignment) => assignment.Count > 0 ? assignment.HasReached(_ends) : IsCommitted();

    private bool IsCommitted()
    {
        try
        {
            return _consumer.Committed(_ends.Keys.Select(partition => new TopicPartition(_topic, partition)), Timeout)
                .TrueForAll(place => EndOf(place.Partition.Value) <= Math.Max(0, place.Offset.Value));
        }
        catch (KafkaException)
        {
            return false;
        }
    }
}
