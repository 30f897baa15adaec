using System.Collections.Concurrent;
using Hybrid.Lanes.Consuming;
using Hybrid.Pipeline.Lanes;

namespace Hybrid.Lanes.Streaming;

/// <summary>
/// Writes a record when it arrives. Documents are spread over pipelines, each with one request under way at most, so that a document is
/// never in two at once and its order stays. A pipeline sends next what has queued while its request was under way: nothing waits when
/// there is little, and requests grow by themselves when there is much.
/// </summary>
internal sealed class StreamingSink : ILaneSink
{
    private readonly LaneParts _parts;
    private readonly LaneOutcomes _outcomes;
    private readonly Arrivals[] _arrivals;
    private readonly Task[] _pipelines;
    private readonly ConcurrentBag<RecordBatch> _free = [];

    public StreamingSink(LaneParts parts, LaneOutcomes outcomes, CancellationToken abort)
    {
        _parts = parts;
        _outcomes = outcomes;
        _arrivals = new Arrivals[parts.Options.Pipelines];
        for (var i = 0; i < _arrivals.Length; i++)
        {
            _arrivals[i] = new Arrivals(parts.Options.BulkDocuments, _free);
        }

        _pipelines = [.. _arrivals.Select(arrivals => Task.Run(() => WriteAllAsync(arrivals, abort), CancellationToken.None))];
    }

    public void Accept(in LaneRecord record) => ArrivalsOf(record.DocumentHash).Add(record);

    public void Accept(in SignalsUpdate update) => ArrivalsOf(DocumentHash.Of(update.State.DocumentId)).Add(update);

    public bool IsFull => false;

    public TimeSpan Pump() => TimeSpan.MaxValue;

    public void Flush()
    {
        // Nothing ever waits here.
    }

    public void Recycle(RecordBatch batch)
    {
        batch.Clear();
        _free.Add(batch);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var arrivals in _arrivals)
        {
            arrivals.End();
        }

        await Task.WhenAll(_pipelines).ConfigureAwait(false);
        foreach (var arrivals in _arrivals)
        {
            arrivals.Dispose();
        }
    }

    private Arrivals ArrivalsOf(int documentHash) => _arrivals[(uint)documentHash % (uint)_arrivals.Length];

    private async Task WriteAllAsync(Arrivals arrivals, CancellationToken abort)
    {
        try
        {
            while (await arrivals.NextAsync(abort).ConfigureAwait(false) is { } batch)
            {
                await _parts.Writer.WriteAsync(batch, _parts.Options.BulkDocuments, _parts.Options.BulkBytes, 1, abort).ConfigureAwait(false);
                _outcomes.Done(batch);
            }
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            // What was not written is read again at the next start.
        }
        catch (Exception failure)
        {
            _outcomes.Fail(failure);
        }
    }
}
