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
    private readonly Channel<Arrival>[] _queues;
    private readonly Task[] _pipelines;
    private readonly ConcurrentBag<RecordBatch> _free = [];

    public StreamingSink(LaneParts parts, LaneOutcomes outcomes, CancellationToken abort)
    {
        _parts = parts;
        _outcomes = outcomes;
        _queues = new Channel<Arrival>[parts.Options.Pipelines];
        for (var i = 0; i < _queues.Length; i++)
        {
            _queues[i] = Channel.CreateUnbounded<Arrival>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        }

        _pipelines = [.. _queues.Select(queue => Task.Run(() => WriteAllAsync(queue.Reader, abort), CancellationToken.None))];
    }

    public void Accept(in LaneRecord record) => QueueOf(record.Delta.DocumentId).TryWrite(new Arrival(record, null));

    public void Accept(in SignalsUpdate update) => QueueOf(update.State.DocumentId).TryWrite(new Arrival(default, update));

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
        foreach (var queue in _queues)
        {
            queue.Writer.Complete();
        }

        await Task.WhenAll(_pipelines).ConfigureAwait(false);
    }

    private ChannelWriter<Arrival> QueueOf(string documentId) =>
        _queues[(uint)documentId.GetHashCode(StringComparison.Ordinal) % (uint)_queues.Length].Writer;

    private async Task WriteAllAsync(ChannelReader<Arrival> queue, CancellationToken abort)
    {
        try
        {
            while (await queue.WaitToReadAsync(abort).ConfigureAwait(false))
            {
                var batch = _free.TryTake(out var used) ? used : new RecordBatch();
                while (batch.Items < _parts.Options.BulkDocuments && queue.TryRead(out var arrival))
                {
                    arrival.AddTo(batch);
                }

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

    /// <summary>A record, or else the state of a document's signals.</summary>
    private readonly record struct Arrival(LaneRecord Record, SignalsUpdate? Update)
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
