using System.Threading.Channels;
using Confluent.Kafka;
using Hybrid.Contracts.Measurement;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Measurement;
using Streamiz.Kafka.Net.Processors.Public;

namespace Hybrid.Streamiz;

/// <summary>
/// Where the topology ends: reads a record on the stream's thread and leaves the write to a few workers, each of which posts whatever
/// has come together meanwhile. Writes may pass one another, since Solr keeps the newest version whatever the order.
/// </summary>
internal sealed class DeltaSink : IAsyncDisposable
{
    private readonly BatchWriter _writer;
    private readonly LaneDeadLetters _deadLetters;
    private readonly LaneFreshness _freshness;
    private readonly StreamPositions _positions;
    private readonly HybridMetrics _metrics;
    private readonly InFlightBudget _budget;
    private readonly int _bulkDocuments;
    private readonly Channel<PendingWrite> _queue = Channel.CreateUnbounded<PendingWrite>();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly Task[] _workers;

    public DeltaSink(
        BatchWriter writer,
        LaneDeadLetters deadLetters,
        LaneFreshness freshness,
        StreamPositions positions,
        LaneOptions options,
        HybridMetrics metrics)
    {
        _positions = positions;
        _writer = writer;
        _deadLetters = deadLetters;
        _freshness = freshness;
        _metrics = metrics;
        _budget = new InFlightBudget(options.MaxInFlightRecords, options.MaxInFlightBytes);
        _bulkDocuments = options.BulkDocuments;
        _workers = [.. Enumerable.Range(0, options.Pipelines).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Records taken and not yet acknowledged.</summary>
    public int InFlight => _budget.Records;

    /// <summary>Takes a record; waits while too much is in flight.</summary>
    /// <param name="record">The record.</param>
    /// <param name="reader">The task's reader.</param>
    /// <param name="owner">The task's writes.</param>
    /// <exception cref="WriteFailedException">A write failed for good, or the lane gave up draining.</exception>
    /// <exception cref="Pipeline.Hosting.HybridException">The schema registry cannot be reached.</exception>
    public void Accept(Record<byte[], byte[]> record, LaneRecordReader reader, WritesInFlight owner)
    {
        var reading = reader.ReadAsync(record.Value, record.Headers, _abandoned.Token);
        var step = reading.IsCompletedSuccessfully ? reading.Result : reading.AsTask().GetAwaiter().GetResult();
        var place = record.TopicPartitionOffset;
        var replayed = _positions.NoteProcessed(place.Partition.Value, place.Offset.Value);
        if (step.Kind == LaneStepKind.Watermark)
        {
            _positions.NoteWatermark(place.Partition.Value, record.Key, step.WatermarkMilliseconds);
            return;
        }

        _metrics.RecordsConsumed.Add(1);
        if (replayed)
        {
            _metrics.RecordsReplayed.Add(1);
        }

        _freshness.Consumed(step.ClosedMilliseconds);
        switch (step.Kind)
        {
            case LaneStepKind.Signal:
                _metrics.RecordsIgnored.Add(1);
                break;
            case LaneStepKind.Poison:
                owner.Begin();
                _ = BuryAsync(record, step.Error!, owner);
                break;
            default:
                var taken = new LaneRecord(place.Partition.Value, place.Offset.Value, Message(record), step.Delta!, step.ClosedMilliseconds);
                _budget.Take(taken.Bytes);
                owner.Begin();
                _queue.Writer.TryWrite(new PendingWrite(taken, owner));
                break;
        }
    }

    /// <summary>Gives up what is in flight: every wait for it throws, so that none of it is committed.</summary>
    /// <param name="reason">Why, in one line.</param>
    public void Abandon(string reason)
    {
        _budget.Close(new OperationCanceledException(reason));
        _abandoned.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        Abandon("the lane has stopped");
        _queue.Writer.TryComplete();
        await Task.WhenAll(_workers).ConfigureAwait(false);
        _abandoned.Dispose();
    }

    private async Task BuryAsync(Record<byte[], byte[]> record, string error, WritesInFlight owner)
    {
        var place = record.TopicPartitionOffset;
        try
        {
            await _deadLetters.WriteAsync(
                place.Partition.Value, place.Offset.Value, Message(record), ErrorClasses.UnreadableRecord, error, _abandoned.Token).ConfigureAwait(false);
            owner.End();
        }
        catch (Exception failure)
        {
            owner.End(failure);
        }
    }

    private async Task WorkAsync()
    {
        var batch = new RecordBatch();
        var owners = new List<WritesInFlight>(_bulkDocuments);
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (batch.Count < _bulkDocuments && _queue.Reader.TryRead(out var write))
            {
                batch.Add(write.Record);
                owners.Add(write.Owner);
            }

            if (batch.Count > 0)
            {
                await WriteAsync(batch, owners).ConfigureAwait(false);
                batch.Clear();
                owners.Clear();
            }
        }
    }

    private async Task WriteAsync(RecordBatch batch, List<WritesInFlight> owners)
    {
        Exception? failure = null;
        try
        {
            await _writer.WriteAsync(batch, _bulkDocuments, 1, _abandoned.Token).ConfigureAwait(false);
        }
        catch (Exception givenUp)
        {
            // Whatever it is: a worker that ended here would leave its tasks waiting for ever.
            failure = givenUp;
            _budget.Close(givenUp);
        }

        _budget.Return(batch.Count, batch.Bytes);
        _metrics.SetGauge(Instruments.InFlight, _budget.Records);
        foreach (var owner in owners)
        {
            owner.End(failure);
        }
    }

    private static Message<byte[], byte[]> Message(Record<byte[], byte[]> record) =>
        new() { Key = record.Key, Value = record.Value, Headers = record.Headers, Timestamp = record.Timestamp };

    /// <summary>A record on its way to Solr, and the task that waits for it.</summary>
    private readonly record struct PendingWrite(LaneRecord Record, WritesInFlight Owner);
}
