using System.Diagnostics;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Windows;
using Streamiz.Kafka.Net.State;

namespace Hybrid.Streamiz.Windows;

/// <summary>
/// The window of a task's partition. Its records are in the task's store, and so in the changelog; what they come to is the same window that
/// the other lanes have, in memory, made from the store when the task takes its first record: of exactly the records before that one, however
/// far the store is ahead of what was committed. Belongs to the task's thread.
/// </summary>
internal sealed class TaskWindow(
    IKeyValueStore<byte[], byte[]> entries, WindowOptions options, LaneRecordReader reader, StreamPositions positions, WindowMetrics metrics)
{
    private readonly WindowJournal _journal = new(entries);
    private readonly Queue<(long Offset, long Begin)> _advances = new();
    private PartitionWindow _window = new(options);
    private (string Name, long Begin) _partition = ("", 0);
    private long _last = long.MaxValue;
    private int _held;

    /// <summary>Whether signals are counted at all.</summary>
    public bool IsOn => _window.IsOn;

    /// <summary>A record is taken, of whatever kind. The first one, and one that is not after the last, say where the window has to stand.</summary>
    public void Take(int partition, long offset)
    {
        if (!IsOn)
        {
            return;
        }

        if (offset <= _last)
        {
            Rebuild(partition, offset);
        }

        _journal.Pass(offset);
        _last = offset;
    }

    /// <summary>Counts a signal.</summary>
    /// <param name="offset">Its offset.</param>
    /// <param name="record">The record's value.</param>
    /// <param name="signal">The same, decoded.</param>
    public void Add(long offset, byte[] record, CatalogDelta signal)
    {
        if (IsOn)
        {
            _journal.Put(new JournalEntry(true, offset, BeginOf(signal.Partition), record));
            _window.Add(signal);
            Measure();
        }
    }

    /// <summary>Moves the window on.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">The control record's offset.</param>
    /// <param name="source">The source's name.</param>
    /// <param name="watermark">Up to when it is complete, Unix milliseconds.</param>
    public void Advance(int partition, long offset, byte[] source, long watermark)
    {
        _window.Advance(source, watermark);
        if (!IsOn)
        {
            return;
        }

        _journal.Put(new JournalEntry(false, offset, watermark, source));
        _advances.Enqueue((offset, options.Begin(_window.Watermark!.Value)));
        DropWhatIsCommitted(partition);
        Measure();
    }

    /// <summary>Hands over the states that changed.</summary>
    public void Drain(List<DocumentSignals> states) => _window.Drain(states);

    /// <summary>The task has gone to another owner or ends.</summary>
    public void Close()
    {
        metrics.Hold(-_held);
        _held = 0;
    }

    private void Rebuild(int partition, long offset)
    {
        var began = Stopwatch.GetTimestamp();
        _window = _window.Anew();
        _advances.Clear();
        foreach (var entry in _journal.Open(offset))
        {
            Restore(partition, entry);
        }

        _window.Drain([]);
        Measure();
        metrics.Rebuilt(partition, offset, _journal.Count, Stopwatch.GetElapsedTime(began));
    }

    private void Restore(int partition, in JournalEntry entry)
    {
        if (!entry.IsSignal)
        {
            var source = entry.Payload.ToArray();
            _window.Advance(source, entry.Time);
            positions.NoteWatermark(partition, source, entry.Time);
            return;
        }

        var reading = reader.ReadAsync(entry.Payload.ToArray(), null, CancellationToken.None);
        var step = reading.IsCompletedSuccessfully ? reading.Result : reading.AsTask().GetAwaiter().GetResult();
        if (step.Kind == LaneStepKind.Signal)
        {
            _window.Add(step.Delta!);
        }
    }

    // A record that moved the window and is not committed is taken again after a crash, and then needs what it moved out.
    private void DropWhatIsCommitted(int partition)
    {
        var committed = positions.Committed(partition);
        while (_advances.TryPeek(out var advance) && advance.Offset < committed)
        {
            _journal.Drop(_advances.Dequeue().Begin);
        }
    }

    private void Measure()
    {
        metrics.Hold(_journal.Count - _held);
        _held = _journal.Count;
    }

    // Signals of one partition come one after the other, so its name is read once.
    private long BeginOf(string partition)
    {
        if (partition != _partition.Name)
        {
            PartitionId.TryParseStart(partition, out var start);
            _partition = (partition, start.ToUnixTimeMilliseconds());
        }

        return _partition.Begin;
    }
}
