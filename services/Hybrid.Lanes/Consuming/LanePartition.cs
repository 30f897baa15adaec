using Confluent.Kafka;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Lanes.Consuming;

/// <summary>One assigned partition of the deltas topic. Belongs to the consuming thread.</summary>
internal sealed class LanePartition(TopicPartition id, long start, PartitionWindow window)
{
    private OffsetTracker _offsets = new();
    private long _last = start - 1;
    private long _committed = start;

    public TopicPartition Id => id;

    /// <summary>What was committed last; where reading began before the first commit.</summary>
    public long Committed => _committed;

    /// <summary>The offset to commit; null when nothing moved since the last commit.</summary>
    public long? Committable => _offsets.Committable is { } next && next > _committed ? next : null;

    /// <summary>The signals of the partition's documents.</summary>
    public PartitionWindow Window { get; private set; } = window;

    /// <summary>
    /// Notes that a record was taken. One that is not after the last means that the log was cut or made anew and is read from another
    /// place: what was noted before says nothing about it.
    /// </summary>
    public void Take(long offset)
    {
        if (offset <= _last)
        {
            _offsets = new OffsetTracker();
            _committed = offset;
            Window = Window.Anew();
        }

        _offsets.Track(offset);
        _last = offset;
    }

    public void Acknowledge(long offset) => _offsets.Acknowledge(offset);

    /// <summary>Everything before <paramref name="end"/> was taken: what lies between the last record and it are transaction markers.</summary>
    public void TakeMarkers(long end)
    {
        if (end - 1 > _last)
        {
            Take(end - 1);
            Acknowledge(end - 1);
        }
    }

    public void NoteCommitted(long offset) => _committed = offset;
}
