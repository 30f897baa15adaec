using Confluent.Kafka;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Windows;
using Hybrid.Streamiz.Stores;
using Hybrid.Streamiz.Windows;
using Streamiz.Kafka.Net.Processors.Public;

namespace Hybrid.Streamiz;

/// <summary>
/// What a task does with its records: hands attributes to the sink, counts signals in the task's window and hands the states that come of it
/// to the sink, and buries what cannot be read. Streamiz makes one a task, from the arguments that the topology names.
/// </summary>
internal sealed class DeltaProcessor : IProcessor<byte[], byte[]>
{
    private readonly TaskParts? _parts;
    private readonly LaneRecordReader? _reader;
    private readonly List<DocumentSignals> _states = [];
    private LaneStore? _store;
    private TaskWindow? _window;

    /// <summary>Only tells Streamiz the type; the instances that process have parts.</summary>
    public DeltaProcessor()
    {
    }

    public DeltaProcessor(TaskParts parts)
    {
        _parts = parts;
        _reader = new LaneRecordReader(parts.Decoders());
    }

    public void Init(ProcessorContext<byte[], byte[]> context)
    {
        _store = (LaneStore)context.GetStateStore(LaneStoreBuilder.StoreName);
        _window = new TaskWindow(_store.Entries, _parts!.Window, _reader!, _parts.Positions, _parts.WindowMetrics);
    }

    public void Process(Record<byte[], byte[]> record)
    {
        var taken = _parts!.Time.GetTimestamp();
        var (partition, offset) = (record.TopicPartitionOffset.Partition.Value, record.TopicPartitionOffset.Offset.Value);
        var reading = _reader!.ReadAsync(record.Value, record.Headers, _parts.Sink.Abandoned);
        var step = reading.IsCompletedSuccessfully ? reading.Result : reading.AsTask().GetAwaiter().GetResult();
        _window!.Take(partition, offset);
        Count(partition, offset, step);
        switch (step.Kind)
        {
            case LaneStepKind.Attributes:
                _parts.Sink.Write(new LaneRecord(partition, offset, Message(record), step.Delta!, step.ClosedMilliseconds) { Taken = taken }, _store!.Writes);
                break;
            case LaneStepKind.Poison:
                _parts.Sink.Bury(record.TopicPartitionOffset, Message(record), step.Error!, _store!.Writes);
                break;
            case LaneStepKind.Signal:
                _window.Add(offset, record.Value, step.Delta!);
                WriteStates(partition, offset, taken);
                break;
            case LaneStepKind.Watermark:
                _window.Advance(partition, offset, record.Key, step.WatermarkMilliseconds);
                _parts.Positions.NoteWatermark(partition, record.Key, step.WatermarkMilliseconds);
                WriteStates(partition, offset, taken);
                break;
        }
    }

    public void Close() => _window?.Close();

    private void Count(int partition, long offset, in LaneStep step)
    {
        var replayed = _parts!.Positions.NoteProcessed(partition, offset);
        if (step.Kind == LaneStepKind.Watermark)
        {
            return;
        }

        _parts.Metrics.RecordsConsumed.Add(1);
        _parts.Freshness.Consumed(step.ClosedMilliseconds);
        if (replayed)
        {
            _parts.Metrics.RecordsReplayed.Add(1);
        }

        if (step.Kind == LaneStepKind.Signal && !_window!.IsOn)
        {
            _parts.Metrics.RecordsIgnored.Add(1);
        }
    }

    private void WriteStates(int partition, long offset, long taken)
    {
        _states.Clear();
        _window!.Drain(_states);
        if (_states.Count == 0)
        {
            return;
        }

        var cause = new SignalsCause(partition, offset, _states.Count, taken: taken);
        foreach (var state in _states)
        {
            _parts!.Sink.Write(new SignalsUpdate(state, cause), _store!.Writes);
        }
    }

    private static Message<byte[], byte[]> Message(Record<byte[], byte[]> record) =>
        new() { Key = record.Key, Value = record.Value, Headers = record.Headers, Timestamp = record.Timestamp };
}
