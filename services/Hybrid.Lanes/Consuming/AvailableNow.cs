using Confluent.Kafka;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Lanes.Consuming;

/// <summary>
/// What the deltas topic holds when a lane begins that is to take just that. A member that was given no partition, or whose partitions are at
/// their ends, is done: whoever holds the others takes them to theirs.
/// </summary>
internal sealed class AvailableNow
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly Dictionary<int, long> _ends;

    private AvailableNow(Dictionary<int, long> ends) => _ends = ends;

    /// <summary>Asks for the ends of the partitions, as a reader of committed records sees them.</summary>
    /// <exception cref="HybridException">Kafka does not answer.</exception>
    public static AvailableNow Begin(IConsumer<byte[], byte[]> consumer, IAdminClient admin, string topic)
    {
        try
        {
            return new AvailableNow(admin.GetMetadata(topic, Timeout).Topics
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

    /// <summary>Whether everything was taken in the partitions that are held.</summary>
    public bool IsTaken(Assignment assignment) => assignment.HasReached(_ends);
}
