using Confluent.Kafka;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Lanes.Consuming;

/// <summary>The partitions that a lane holds now, and what they come to together. Belongs to the consuming thread.</summary>
internal sealed class Assignment
{
    private readonly Dictionary<int, LanePartition> _partitions = [];
    private readonly Dictionary<int, int> _holdings = [];
    private LanePartition? _recent;

    public int Count => _partitions.Count;

    public IEnumerable<TopicPartition> Ids => _partitions.Values.Select(partition => partition.Id);

    public void Add(TopicPartition id, long start, PartitionWindow window)
    {
        Remove(id);
        _partitions[id.Partition.Value] = new LanePartition(id, start, window, _holdings.GetValueOrDefault(id.Partition.Value) + 1);
    }

    public void Remove(TopicPartition id)
    {
        if (_partitions.Remove(id.Partition.Value, out var held))
        {
            _holdings[id.Partition.Value] = held.Holding;
        }

        _recent = null;
    }

    public LanePartition? Find(int partition)
    {
        if (_recent is { } recent && recent.Id.Partition.Value == partition)
        {
            return recent;
        }

        return _recent = _partitions.GetValueOrDefault(partition);
    }

    /// <summary>Acknowledges a record, unless the partition was given up since it was taken.</summary>
    public void Acknowledge(int partition, int holding, long offset)
    {
        if (Find(partition) is { } held && held.Holding == holding)
        {
            held.Acknowledge(offset);
        }
    }

    /// <summary>Whether everything before an end was taken, in every partition that is held and has one.</summary>
    public bool HasReached(IReadOnlyDictionary<int, long> ends) =>
        _partitions.All(held => !ends.TryGetValue(held.Key, out var end) || held.Value.Position >= end);

    /// <summary>When the oldest record was written that is not acknowledged, wall time in milliseconds since 1970-01-01T00:00:00Z; null when all are.</summary>
    public long? OldestUnacknowledged(Func<TopicPartition, long?> endOf)
    {
        long? oldest = null;
        foreach (var partition in _partitions.Values)
        {
            if (endOf(partition.Id) > Math.Max(partition.Committable ?? 0, partition.Committed) && partition.Unacknowledged() is { } written)
            {
                oldest = Math.Min(oldest ?? long.MaxValue, written);
            }
        }

        return oldest;
    }

    /// <summary>The offsets to commit.</summary>
    public List<TopicPartitionOffset> Committable()
    {
        var offsets = new List<TopicPartitionOffset>();
        foreach (var partition in _partitions.Values)
        {
            if (partition.Committable is { } offset)
            {
                offsets.Add(new TopicPartitionOffset(partition.Id, offset));
            }
        }

        return offsets;
    }

    public void NoteCommitted(List<TopicPartitionOffset> offsets)
    {
        foreach (var offset in offsets)
        {
            Find(offset.Partition.Value)?.NoteCommitted(offset.Offset.Value);
        }
    }

    /// <summary>Records between what is committed and the end of the log; null while an end is not known or no partition is held.</summary>
    public long? Lag(Func<TopicPartition, long?> endOf)
    {
        if (_partitions.Count == 0)
        {
            return null;
        }

        long lag = 0;
        foreach (var partition in _partitions.Values)
        {
            if (endOf(partition.Id) is not { } end)
            {
                return null;
            }

            lag += Math.Max(0, end - partition.Committed);
        }

        return lag;
    }

    /// <summary>The least watermark, Unix milliseconds; null while a partition has none.</summary>
    public long? Watermark()
    {
        long? least = null;
        foreach (var partition in _partitions.Values)
        {
            if (partition.Window.Watermark is not { } watermark)
            {
                return null;
            }

            least = Math.Min(least ?? long.MaxValue, watermark);
        }

        return least;
    }
}
