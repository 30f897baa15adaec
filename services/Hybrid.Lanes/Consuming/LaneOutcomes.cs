using System.Collections.Concurrent;
using Hybrid.Pipeline.Lanes;

namespace Hybrid.Lanes.Consuming;

/// <summary>What writing has come to, on its way back to the consuming thread.</summary>
internal sealed class LaneOutcomes : IDisposable
{
    private readonly ConcurrentQueue<LaneOutcome> _queue = [];
    private readonly AutoResetEvent _arrived = new(false);
    private Exception? _failure;

    /// <summary>The first failure that ends the lane.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>A batch is done with; it belongs to the consuming thread again.</summary>
    public void Done(RecordBatch batch)
    {
        _queue.Enqueue(new LaneOutcome(batch, 0, 0, 0, 0));
        _arrived.Set();
    }

    /// <summary>One record is done with.</summary>
    public void Done(int partition, int holding, long offset, int bytes)
    {
        _queue.Enqueue(new LaneOutcome(null, partition, holding, offset, bytes));
        _arrived.Set();
    }

    /// <summary>Writing cannot go on.</summary>
    public void Fail(Exception failure)
    {
        Interlocked.CompareExchange(ref _failure, failure, null);
        _arrived.Set();
    }

    public bool TryTake(out LaneOutcome outcome) => _queue.TryDequeue(out outcome);

    /// <summary>Waits for an outcome or a failure.</summary>
    public void Wait(TimeSpan longest) => _arrived.WaitOne(longest);

    public void Dispose() => _arrived.Dispose();
}

/// <summary>A batch, or one record, that is done with.</summary>
internal readonly record struct LaneOutcome(RecordBatch? Batch, int Partition, int Holding, long Offset, int Bytes);
