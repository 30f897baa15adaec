using System.Buffers.Binary;
using System.Threading.Channels;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Solr;
using Streamiz.Kafka.Net.Processors.Public;

namespace Hybrid.Streamiz;

/// <summary>
/// Where the topology ends: decodes a record on the stream's thread and leaves the write to a few workers, each of which posts whatever
/// has come together meanwhile. Writes may pass one another, since Solr keeps the newest version whatever the order.
/// </summary>
internal sealed class DeltaSink : IAsyncDisposable
{
    private readonly ISolrWriter _solr;
    private readonly LaneDeadLetters _deadLetters;
    private readonly HybridMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly InFlightBudget _budget;
    private readonly int _bulkDocuments;
    private readonly Channel<PendingWrite> _queue = Channel.CreateUnbounded<PendingWrite>();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly Task[] _workers;

    public DeltaSink(ISolrWriter solr, LaneDeadLetters deadLetters, LaneOptions options, HybridMetrics metrics, TimeProvider time)
    {
        _solr = solr;
        _deadLetters = deadLetters;
        _metrics = metrics;
        _time = time;
        _budget = new InFlightBudget(options.MaxInFlightRecords, options.MaxInFlightBytes);
        _bulkDocuments = options.BulkDocuments;
        _workers = [.. Enumerable.Range(0, options.Pipelines).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Records taken and not yet acknowledged.</summary>
    public int InFlight => _budget.Records;

    /// <summary>Takes a record; waits while too much is in flight.</summary>
    /// <param name="record">The record.</param>
    /// <param name="decoder">The task's decoder.</param>
    /// <param name="owner">The task's writes.</param>
    /// <exception cref="WriteFailedException">A write failed for good, or the lane gave up draining.</exception>
    /// <exception cref="Pipeline.Hosting.HybridException">The schema registry cannot be reached.</exception>
    public void Accept(Record<byte[], byte[]> record, IDeltaDecoder decoder, WritesInFlight owner)
    {
        if (record.Value is null && record.Headers.TryGetLastBytes(RecordHeaders.Watermark, out _))
        {
            return;
        }

        var due = ReadTime(record, RecordHeaders.Closed);
        _metrics.RecordsConsumed.Add(1);
        Record(_metrics.FreshnessConsumed, due);
        if (Decode(record.Value ?? [], decoder, owner) is not { } delta)
        {
            return;
        }

        if (delta.Kind == DeltaKind.Signal)
        {
            _metrics.RecordsIgnored.Add(1);
            return;
        }

        _budget.Take(record.Value!.Length);
        owner.Begin();
        _queue.Writer.TryWrite(new PendingWrite(delta, record.Value, due, owner));
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

    private CatalogDelta? Decode(byte[] value, IDeltaDecoder decoder, WritesInFlight owner)
    {
        try
        {
            var decoding = decoder.DecodeAsync(value, _abandoned.Token);
            return decoding.IsCompletedSuccessfully ? decoding.Result : decoding.AsTask().GetAwaiter().GetResult();
        }
        catch (DeltaFormatException poison)
        {
            owner.Begin();
            _deadLetters.Send(value, ErrorClasses.UnreadableRecord, poison.Message, owner);
            return null;
        }
    }

    private async Task WorkAsync()
    {
        var writes = new List<PendingWrite>(_bulkDocuments);
        var deltas = new List<CatalogDelta>(_bulkDocuments);
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            writes.Clear();
            deltas.Clear();
            while (writes.Count < _bulkDocuments && _queue.Reader.TryRead(out var write))
            {
                writes.Add(write);
                deltas.Add(write.Delta);
            }

            if (writes.Count > 0)
            {
                await WriteAsync(writes, deltas).ConfigureAwait(false);
            }
        }
    }

    private async Task WriteAsync(List<PendingWrite> writes, List<CatalogDelta> deltas)
    {
        Exception? failure = null;
        HashSet<string>? refused = null;
        try
        {
            foreach (var write in writes)
            {
                Record(_metrics.FreshnessPosted, write.Due);
            }

            var refusals = await _solr.WriteAttributesAsync(deltas, _abandoned.Token).ConfigureAwait(false);
            if (refusals.Count > 0)
            {
                refused = [.. refusals.Select(refusal => refusal.DocumentId)];
            }
        }
        catch (Exception givenUp)
        {
            // Whatever it is: a worker that ended here would leave its tasks waiting for ever.
            failure = givenUp;
            _budget.Close(givenUp);
        }

        foreach (var write in writes)
        {
            if (refused is not null && refused.Contains(write.Delta.DocumentId))
            {
                await SettleRefusedAsync(write).ConfigureAwait(false);
            }
            else
            {
                Settle(write, failure);
            }
        }

        _metrics.SetGauge(Instruments.InFlight, _budget.Records);
    }

    /// <summary>A refusal names the document and not the delta, so each delta of that document is tried alone.</summary>
    private async Task SettleRefusedAsync(PendingWrite write)
    {
        try
        {
            var refusals = await _solr.WriteAttributesAsync([write.Delta], _abandoned.Token).ConfigureAwait(false);
            if (refusals.Count > 0)
            {
                _budget.Return(write.Value.Length);
                _deadLetters.Send(write.Value, ErrorClasses.RefusedDocument, refusals[0].Message, write.Owner);
                return;
            }

            Settle(write, null);
        }
        catch (Exception givenUp)
        {
            _budget.Close(givenUp);
            Settle(write, givenUp);
        }
    }

    private void Settle(PendingWrite write, Exception? failure)
    {
        if (failure is null)
        {
            Record(_metrics.FreshnessAcknowledged, write.Due);
        }

        _budget.Return(write.Value.Length);
        write.Owner.End(failure);
    }

    private void Record(System.Diagnostics.Metrics.Histogram<double> stage, long? due)
    {
        if (due is { } milliseconds)
        {
            stage.Record((_time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)).TotalSeconds);
        }
    }

    private static long? ReadTime(Record<byte[], byte[]> record, string header) =>
        record.Headers.TryGetLastBytes(header, out var bytes) && bytes.Length == sizeof(long) ? BinaryPrimitives.ReadInt64BigEndian(bytes) : null;
}
