using System.Collections.Concurrent;
using System.Threading.Channels;
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
    private readonly Channel<LaneRecord>[] _queues;
    private readonly Task[] _pipelines;
    private readonly ConcurrentBag<RecordBatch> _free = [];

    public StreamingSink(LaneParts parts, LaneOutcomes outcomes, CancellationToken abort)
    {
        _parts = parts;
        _outcomes = outcomes;
        _queues = new Channel<LaneRecord>[parts.Options.Pipelines];
        for (var i = 0; i < _queues.Length; i++)
        {
            _queues[i] = Channel.CreateUnbounded<LaneRecord>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        }

        _pipelines = [.. _queues.Select(queue => Task.Run(() => WriteAllAsync(queue.Reader, abort), CancellationToken.None))];
    }

    public void Accept(in LaneRecord record)
    {
        var hash = (uint)record.Delta.DocumentId.GetHashCode(StringComparison.Ordinal);
        _queues[hash % (uint)_queues.Length].Writer.TryWrite(record);
    }

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
        foreach (var queue in _queues)
        {
            queue.Writer.Complete();
        }

        await Task.WhenAll(_pipelines).ConfigureAwait(false);
    }

    private async Task WriteAllAsync(ChannelReader<LaneRecord> queue, CancellationToken abort)
    {
        try
        {
            while (await queue.WaitToReadAsync(abort).ConfigureAwait(false))
            {
                var batch = _free.TryTake(out var used) ? used : new RecordBatch();
                while (batch.Count < _parts.Options.BulkDocuments && queue.TryRead(out var record))
                {
                    batch.Add(record);
                }

                await _parts.Writer.WriteAsync(batch, _parts.Options.BulkDocuments, 1, abort).ConfigureAwait(false);
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
