using Confluent.Kafka;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Hosting;
using Hybrid.Lanes.Windows;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Windows;
using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.Consuming;

/// <summary>
/// The thread of a lane that polls Kafka, and the only one that touches offsets: it hands records to the sink, takes outcomes back,
/// commits what is acknowledged without a gap, and holds still when too much is in flight.
/// </summary>
internal sealed class LaneLoop : IDisposable
{
    /// <summary>Records that are taken before the clock, the outcomes and the bounds are looked at again.</summary>
    private const int MostAtOnce = 32;

    private static readonly TimeSpan LongestPoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PausedPoll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan PauseAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestHeartbeat = TimeSpan.FromSeconds(1);

    private readonly LaneParts _parts;
    private readonly ILaneSink _sink;
    private readonly LaneOutcomes _outcomes;
    private readonly ILogger _logger;
    private readonly LaneRecordReader _reader;
    private readonly InFlightGate _gate;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly Rebalancing _rebalancing;
    private readonly Backpressure _backpressure;
    private readonly LaneGauges _gauges;
    private readonly Acknowledgements _acknowledgements;
    private readonly Assignment _assignment = new();
    private readonly SharedHeaders _headers = new();
    private readonly ConsumedRun _consumed;
    private readonly List<DocumentSignals> _states = [];
    private readonly TimeProvider _time;
    private AvailableNow? _available;
    private long _committedAt;

    public LaneLoop(string lane, LaneParts parts, ILaneSink sink, LaneOutcomes outcomes, ILogger logger)
    {
        _parts = parts;
        _sink = sink;
        _outcomes = outcomes;
        _logger = logger;
        _time = parts.Time;
        _reader = new LaneRecordReader(parts.Decoder);
        _consumed = new ConsumedRun(parts.Metrics, parts.Freshness);
        _gate = new InFlightGate(parts.Options.MaxInFlightRecords, parts.Options.MaxInFlightBytes);
        var windows = new WindowRebuild(parts.Kafka, lane, parts.Decoder, parts.WindowOptions, parts.Clock, logger);
        _rebalancing = new Rebalancing(parts, _assignment, windows, logger, drain: Drain, commit: Commit, release: given => _backpressure!.Release(given));
        _consumer = _rebalancing.Attach(parts.Kafka.ConsumerBuilder($"hybrid-lane-{lane}", config =>
        {
            config.EnablePartitionEof = true;
            config.ConsumeResultFields = "headers,timestamp";
            config.PartitionAssignmentStrategy = parts.Options.SharedBy == LaneAssignor.Range
                ? PartitionAssignmentStrategy.Range
                : PartitionAssignmentStrategy.CooperativeSticky;
            config.SessionTimeoutMs = (int)parts.Options.SessionTimeout.TotalMilliseconds;
            config.HeartbeatIntervalMs = (int)Shorter(LongestHeartbeat, parts.Options.SessionTimeout / 5).TotalMilliseconds;
            config.GroupInstanceId = parts.Options.Instance;
        })).Build();
        _backpressure = new Backpressure(_consumer, _gate, PauseAfter, _time, logger);
        _acknowledgements = new Acknowledgements(outcomes, _assignment, _gate, sink, parts.Metrics, _time);
        _gauges = new LaneGauges(parts.Metrics, _consumer, _assignment, _gate, _backpressure, _time);
    }

    public void Run(CancellationToken stopping)
    {
        _available = FindAvailable();
        _rebalancing.Begin(stopping);
        _consumer.Subscribe(_parts.Kafka.Topics.Deltas);
        try
        {
            RunUntilStopped(stopping);
            if (Drain(_parts.Options.DrainDeadline))
            {
                _logger.Drained();
            }
            else
            {
                _logger.NotDrained(_gate.Records, _parts.Options.DrainDeadline);
            }
        }
        finally
        {
            _acknowledgements.Take();
            Commit();
            _gauges.Set();
            _rebalancing.Close();
            Close();
        }
    }

    public void Dispose() => _consumer.Dispose();

    private void Close()
    {
        try
        {
            _consumer.Close();
        }
        catch (KafkaException failure)
        {
            _logger.NotClosed(failure.Error.Reason);
        }
    }

    private void RunUntilStopped(CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested && !IsDone())
            {
                Step(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped while a record's schema was asked for: it stays unacknowledged.
        }
    }

    private AvailableNow? FindAvailable()
    {
        if (!_parts.Options.AvailableNow)
        {
            return null;
        }

        using var admin = _parts.Kafka.CreateAdmin();
        return AvailableNow.Begin(_consumer, admin, _parts.Kafka.Topics.Deltas);
    }

    /// <summary>Whether what was there at the start is taken, acknowledged and committed.</summary>
    private bool IsDone()
    {
        if (_available is not { } available || _rebalancing.Generation == 0 || !available.IsTaken(_assignment))
        {
            return false;
        }

        _sink.Flush();
        _acknowledgements.Take();
        if (_gate.Records > 0)
        {
            return false;
        }

        Commit();
        return _assignment.Committable().Count == 0;
    }

    private void Step(CancellationToken stopping)
    {
        ThrowIfFailed();
        _acknowledgements.Take();
        var poll = Shorter(_sink.Pump(), LongestPoll);
        CommitWhenDue();
        _gauges.SetWhenDue();
        switch (_backpressure.Decide(_rebalancing.Generation))
        {
            case Pressure.Wait:
                _outcomes.Wait(Shorter(poll, PausedPoll));
                return;
            case Pressure.Paused:
                poll = Shorter(poll, PausedPoll);
                break;
        }

        TakeSome(poll, stopping);
        _consumed.Record();
    }

    private void TakeSome(TimeSpan poll, CancellationToken stopping)
    {
        var at = 0L;
        for (var taken = 0; taken < MostAtOnce && Poll(taken == 0 ? poll : TimeSpan.Zero) is { } result; taken++)
        {
            at = taken == 0 ? _time.GetTimestamp() : at;
            Take(result, at, stopping);
            if (_sink.IsFull || !_gate.IsOpen)
            {
                return;
            }
        }
    }

    private ConsumeResult<byte[], byte[]>? Poll(TimeSpan longest)
    {
        try
        {
            var result = _consumer.Consume((int)Math.Ceiling(longest.TotalMilliseconds));
            _rebalancing.ThrowIfFailed();
            return result;
        }
        catch (ConsumeException failure) when (!failure.Error.IsFatal)
        {
            ThrowIfRefused(failure.Error);
            _logger.NotDelivered(failure.Error.Reason);
            return null;
        }
        catch (KafkaException failure)
        {
            throw HybridException.Unreachable($"Kafka does not deliver ({failure.Error.Reason}): the lane stops, nothing is lost; start it again", failure);
        }
    }

    /// <summary>What the group will refuse every time: the lane would wait for partitions for ever.</summary>
    private static void ThrowIfRefused(Error error)
    {
        var remedy = error.Code switch
        {
            ErrorCode.InconsistentGroupProtocol => "its members share partitions in another way: give all the same Lane:Assignor (an instance with a Lane:Instance takes Range), and stop them all before you change it",
            ErrorCode.InvalidSessionTimeout => "the broker allows no such session timeout: give a Lane:SessionTimeout within its bounds (group.min.session.timeout.ms)",
            _ => null,
        };
        if (remedy is not null)
        {
            throw HybridException.WrongCall($"the group does not take the lane ({error.Reason}): {remedy}");
        }
    }

    private void Take(ConsumeResult<byte[], byte[]> result, long taken, CancellationToken stopping)
    {
        var offset = result.Offset.Value;
        if (_assignment.Find(result.Partition.Value) is not { } partition)
        {
            return;
        }

        if (_available is { } available && available.IsBeyond(result.Partition.Value, offset))
        {
            partition.TakeMarkers(available.EndOf(result.Partition.Value));
            return;
        }

        if (result.IsPartitionEOF)
        {
            partition.TakeMarkers(offset);
            return;
        }

        partition.Take(offset, result.Message.Timestamp.UnixTimestampMs);
        var message = result.Message;
        message.Headers = _headers.Share(message.Headers);
        if (message.Value is { } value && _reader.TryFindUpdate(value, message.Headers, out var update, out var closed))
        {
            NoteConsumed(result.Partition.Value, offset, closed);
            Accept(new LaneRecord(result.Partition.Value, offset, message, update, closed), partition, taken);
            return;
        }

        var reading = _reader.ReadAsync(message.Value, message.Headers, stopping);
        var step = reading.IsCompletedSuccessfully ? reading.Result : reading.AsTask().GetAwaiter().GetResult();
        if (step.Kind != LaneStepKind.Watermark)
        {
            NoteConsumed(result.Partition.Value, offset, step.ClosedMilliseconds);
        }

        switch (step.Kind)
        {
            case LaneStepKind.Attributes:
                Accept(new LaneRecord(result.Partition.Value, offset, message, step.Delta!, step.ClosedMilliseconds), partition, taken);
                break;
            case LaneStepKind.Poison:
                var bytes = result.Message.Value?.Length ?? 0;
                _gate.Enter(1, bytes);
                _ = BuryAsync(result, partition.Holding, bytes, step.Error!);
                break;
            case LaneStepKind.Signal:
                if (!partition.Window.IsOn)
                {
                    _parts.Metrics.RecordsIgnored.Add(1);
                }

                partition.Window.Add(step.Delta!);
                TakeStates(partition, offset, taken);
                break;
            case LaneStepKind.Watermark:
                partition.Window.Advance(result.Message.Key, step.WatermarkMilliseconds);
                TakeStates(partition, offset, taken);
                break;
        }
    }

    private void NoteConsumed(int partition, long offset, long? closed)
    {
        _consumed.Add(closed);
        if (_rebalancing.IsReplay(partition, offset))
        {
            _parts.Metrics.RecordsReplayed.Add(1);
        }
    }

    private void Accept(in LaneRecord record, LanePartition partition, long taken)
    {
        _gate.Enter(1, record.Bytes);
        _sink.Accept(record with { Taken = taken, Holding = partition.Holding });
    }

    /// <summary>
    /// Hands the states that a record brought about to the sink. Only when all of them are in Solr is the record acknowledged: at a restart it
    /// is read again and brings them about again.
    /// </summary>
    private void TakeStates(LanePartition partition, long offset, long taken)
    {
        _states.Clear();
        partition.Window.Drain(_states);
        if (_states.Count == 0)
        {
            partition.Acknowledge(offset);
            return;
        }

        var cause = new SignalsCause(partition.Id.Partition.Value, offset, _states.Count, partition.Holding, taken);
        _gate.Enter(_states.Count, (long)_states.Count * SignalsUpdate.Bytes);
        foreach (var state in _states)
        {
            _sink.Accept(new SignalsUpdate(state, cause));
        }
    }

    private async Task BuryAsync(ConsumeResult<byte[], byte[]> result, int holding, int bytes, string error)
    {
        try
        {
            await _parts.DeadLetters.WriteAsync(
                result.Partition.Value, result.Offset.Value, result.Message, ErrorClasses.UnreadableRecord, error, CancellationToken.None).ConfigureAwait(false);
            _outcomes.Done(result.Partition.Value, holding, result.Offset.Value, bytes);
        }
        catch (Exception failure)
        {
            _outcomes.Fail(failure);
        }
    }

    private void ThrowIfFailed()
    {
        if (_outcomes.Failure is { } failure)
        {
            throw failure is HybridException ? failure : HybridException.Failure($"the lane cannot go on: {failure.Message}", failure);
        }
    }

    private bool Drain(TimeSpan deadline)
    {
        var started = _time.GetTimestamp();
        _sink.Flush();
        _acknowledgements.Take();
        while (_gate.Records > 0)
        {
            var left = deadline - _time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            _outcomes.Wait(Shorter(left, LongestPoll));
            ThrowIfFailed();
            _acknowledgements.Take();
        }

        return true;
    }

    private void CommitWhenDue()
    {
        if (_time.GetElapsedTime(_committedAt) >= _parts.Options.CommitInterval)
        {
            Commit();
        }
    }

    private void Commit()
    {
        _committedAt = _time.GetTimestamp();
        var offsets = _assignment.Committable();
        if (offsets.Count == 0)
        {
            return;
        }

        try
        {
            _consumer.Commit(offsets);
            _assignment.NoteCommitted(offsets);
            _parts.Metrics.OffsetCommits.Add(1);
        }
        catch (KafkaException failure)
        {
            _logger.NotCommitted(failure.Error.Reason);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
