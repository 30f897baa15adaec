using System.Threading.Channels;
using Confluent.Kafka;
using Hybrid.Contracts.Measurement;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Measurement;
using Hybrid.Streamiz.Stores;

namespace Hybrid.Streamiz;

/// <summary>
/// Where the topology ends: takes writes on the stream's thread and leaves them to a few workers, each of which posts whatever has come
/// together meanwhile. Writes may pass one another, since Solr keeps the newest version whatever the order.
/// </summary>
internal sealed class DeltaSink : IAsyncDisposable
{
    private readonly BatchWriter _writer;
    private readonly LaneDeadLetters _deadLetters;
    private readonly HybridMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly InFlightBudget _budget;
    private readonly int _bulkDocuments;
    private readonly Channel<PendingWrite> _queue = Channel.CreateUnbounded<PendingWrite>();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly Task[] _workers;

    public DeltaSink(BatchWriter writer, LaneDeadLetters deadLetters, LaneOptions options, HybridMetrics metrics, TimeProvider time)
    {
        _time = time;
        _writer = writer;
        _deadLetters = deadLetters;
        _metrics = metrics;
        _budget = new InFlightBudget(options.MaxInFlightRecords, options.MaxInFlightBytes);
        _bulkDocuments = options.BulkDocuments;
        _workers = [.. Enumerable.Range(0, options.Pipelines).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Records taken and not yet acknowledged.</summary>
    public int InFlight => _budget.Records;

    /// <summary>Cancelled when the sink gives up.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>Takes a record; waits while too much is in flight.</summary>
    /// <param name="record">The record.</param>
    /// <param name="owner">The task's writes.</param>
    /// <exception cref="WriteFailedException">A write failed for good, or the lane gave up draining.</exception>
    public void Write(in LaneRecord record, WritesInFlight owner) => Write(new PendingWrite(record, null, owner), record.Bytes);

    /// <summary>Takes the state of a document's signals, as with a record.</summary>
    /// <param name="update">The state.</param>
    /// <param name="owner">The task's writes.</param>
    /// <exception cref="WriteFailedException">A write failed for good, or the lane gave up draining.</exception>
    public void Write(in SignalsUpdate update, WritesInFlight owner) => Write(new PendingWrite(default, update, owner), SignalsUpdate.Bytes);

    /// <summary>Makes a dead letter of a record.</summary>
    /// <param name="place">Where it lies.</param>
    /// <param name="message">The record.</param>
    /// <param name="error">What is wrong with it, one line.</param>
    /// <param name="owner">The task's writes.</param>
    public void Bury(TopicPartitionOffset place, Message<byte[], byte[]> message, string error, WritesInFlight owner)
    {
        owner.Begin();
        _ = BuryAsync(place, message, error, owner);
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

    private void Write(PendingWrite write, int bytes)
    {
        _budget.Take(bytes);
        write.Owner.Begin();
        _queue.Writer.TryWrite(write);
    }

    private async Task BuryAsync(TopicPartitionOffset place, Message<byte[], byte[]> message, string error, WritesInFlight owner)
    {
        try
        {
            await _deadLetters.WriteAsync(
                place.Partition.Value, place.Offset.Value, message, ErrorClasses.UnreadableRecord, error, _abandoned.Token).ConfigureAwait(false);
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
            while (batch.Items < _bulkDocuments && _queue.Reader.TryRead(out var write))
            {
                write.AddTo(batch);
                owners.Add(write.Owner);
            }

            if (batch.Items > 0)
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

        _budget.Return(batch.Items, batch.Bytes);
        if (failure is null)
        {
            Measure(batch);
        }

        foreach (var owner in owners)
        {
            owner.End(failure);
        }
    }

    private void Measure(RecordBatch batch)
    {
        var now = _time.GetTimestamp();
        var first = now;
        foreach (ref readonly var record in batch.AsSpan())
        {
            _metrics.RecordLatency.Record(_time.GetElapsedTime(record.Taken, now).TotalSeconds);
            first = Math.Min(first, record.Taken);
        }

        foreach (var update in batch.Updates)
        {
            first = Math.Min(first, update.Cause.Taken);
        }

        _metrics.BatchSize.Record(batch.Items);
        _metrics.BatchLatency.Record(_time.GetElapsedTime(first, now).TotalSeconds);
        _metrics.SetGauge(Instruments.InFlight, _budget.Records, "{record}");
        _metrics.SetGauge(Instruments.InFlightBytes, _budget.Bytes, "By");
    }

    /// <summary>A record on its way to Solr, or else the state of a document's signals, and the task that waits for it.</summary>
    private readonly record struct PendingWrite(LaneRecord Record, SignalsUpdate? Update, WritesInFlight Owner)
    {
        public void AddTo(RecordBatch batch)
        {
            if (Update is { } update)
            {
                batch.Add(update);
            }
            else
            {
                batch.Add(Record);
            }
        }
    }
}
