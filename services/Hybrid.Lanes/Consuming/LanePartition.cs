using Confluent.Kafka;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Lanes.Consuming;

/// <summary>One assigned partition of the deltas topic. Belongs to the consuming thread.</summary>
/// <param name="id">The partition.</param>
/// <param name="start">The offset at which reading begins.</param>
/// <param name="window">The signals of the partition's documents up to there.</param>
/// <param name="holding">Which time of holding the partition this is.</param>
internal sealed class LanePartition(TopicPartition id, long start, PartitionWindow window, int holding)
{
    private readonly AgeMarks _ages = new();
    private OffsetTracker _offsets = new();
    private long _last = start - 1;
    private long _committed = start;

    public TopicPartition Id => id;

    /// <summary>
    /// Which time of holding the partition this is. An acknowledgement of an earlier one tells of what another member may have
    /// read again since, or of a log that is no more: it does not count.
    /// </summary>
    public int Holding { get; private set; } = holding;

    /// <summary>What was committed last; where reading began before the first commit.</summary>
    public long Committed => _committed;

    /// <summary>The offset behind everything that was taken.</summary>
    public long Position => _last + 1;

    /// <summary>The offset to commit; null when nothing moved since the last commit.</summary>
    public long? Committable => _offsets.Committable is { } next && next > _committed ? next : null;

    /// <summary>The signals of the partition's documents.</summary>
    public PartitionWindow Window { get; private set; } = window;

    /// <summary>
    /// Notes that a record was taken. One that is not after the last means that the log was cut or made anew and is read from another
    /// place: what was noted before says nothing about it.
    /// </summary>
    /// <param name="offset">Its offset.</param>
    /// <param name="written">When it was written to the log, wall time in milliseconds since 1970-01-01T00:00:00Z.</param>
    public void Take(long offset, long written)
    {
        if (offset <= _last)
        {
            _offsets = new OffsetTracker();
            _ages.Clear();
            _committed = offset;
            Holding++;
            Window = Window.Anew();
        }

        _offsets.Track(offset);
        _ages.Note(offset, written);
        _last = offset;
    }

    public void Acknowledge(long offset) => _offsets.Acknowledge(offset);

    /// <summary>Everything before <paramref name="end"/> was taken: what lies between the last record and it are transaction markers.</summary>
    public void TakeMarkers(long end)
    {
        if (end - 1 > _last)
        {
            _offsets.Track(end - 1);
            _last = end - 1;
            Acknowledge(end - 1);
        }
    }

    public void NoteCommitted(long offset) => _committed = offset;

    /// <summary>When the first record that is not acknowledged was written, or one shortly before it; null when none was taken.</summary>
    public long? Unacknowledged() => _ages.At(_offsets.Committable ?? 0);
}
