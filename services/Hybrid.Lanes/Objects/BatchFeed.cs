using Confluent.Kafka;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Lanes.Objects;

/// <summary>
/// Collects deltas and states of signals into batches and writes them: one batch is written while the next is collected, so memory is
/// bounded by two. Not for concurrent use.
/// </summary>
/// <param name="writer">Writes the batches.</param>
/// <param name="options">Their bounds.</param>
/// <param name="metrics">Counts them.</param>
/// <param name="tells">Whether it says what is in flight.</param>
internal sealed class BatchFeed(BatchWriter writer, LaneOptions options, HybridMetrics metrics, bool tells) : IAsyncDisposable
{
    private readonly CancellationTokenSource _abort = new();
    private readonly Message<byte[], byte[]> _none = new();
    private RecordBatch _filling = new();
    private RecordBatch _spare = new();
    private Task _writing = Task.CompletedTask;
    private long _bytes;

    /// <summary>Gives up what is being written when the token is set.</summary>
    public CancellationTokenRegistration GiveUpOn(CancellationToken abort) => abort.Register(_abort.Cancel);

    /// <summary>Takes a delta.</summary>
    /// <param name="delta">An upsert or a delete.</param>
    /// <param name="objectNumber">See <see cref="ObjectDeadLetters.Enter"/>.</param>
    /// <param name="line">Where it stands in the object.</param>
    /// <param name="bytes">Its line's length.</param>
    /// <param name="closedMilliseconds">When its partition was due to close, wall time; null where its freshness says nothing.</param>
    public ValueTask AddAsync(CatalogDelta delta, int objectNumber, long line, long bytes, long? closedMilliseconds)
    {
        _filling.Add(new LaneRecord(objectNumber, line, _none, delta, closedMilliseconds));
        _bytes += bytes;
        return _filling.Items >= options.MaxBatchRecords || _bytes >= options.MaxBatchBytes ? new ValueTask(RotateAsync()) : ValueTask.CompletedTask;
    }

    /// <summary>Takes states of signals.</summary>
    public async Task AddAsync(IReadOnlyList<DocumentSignals> states)
    {
        var cause = new SignalsCause(0, 0, states.Count);
        foreach (var state in states)
        {
            _filling.Add(new SignalsUpdate(state, cause));
            if (_filling.Items >= options.MaxBatchRecords)
            {
                await RotateAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Returns when everything taken is in Solr, superseded or a dead letter.</summary>
    /// <exception cref="Pipeline.Hosting.HybridException">Solr or the dead letters failed for good: what was taken must be taken again.</exception>
    public async Task FlushAsync()
    {
        await RotateAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
        Tell(0);
    }

    public async ValueTask DisposeAsync()
    {
        await _abort.CancelAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _abort.Dispose();
    }

    private async Task RotateAsync()
    {
        await _writing.ConfigureAwait(false);
        if (_filling.Items == 0)
        {
            return;
        }

        var batch = _filling;
        (_filling, _spare) = (_spare, _filling);
        _bytes = 0;
        Tell(batch.Items);
        _writing = Task.Run(() => WriteAsync(batch), CancellationToken.None);
    }

    private void Tell(int items)
    {
        if (tells)
        {
            metrics.SetGauge(Instruments.InFlight, items);
        }
    }

    private async Task WriteAsync(RecordBatch batch)
    {
        await writer.WriteAsync(batch, options.BulkDocuments, options.BatchRequests, _abort.Token).ConfigureAwait(false);
        metrics.Batches.Add(1);
        batch.Clear();
    }
}
