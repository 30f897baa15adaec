using System.Collections.Concurrent;
using Hybrid.Pipeline.Lanes;

namespace Hybrid.Lanes.Streaming;

/// <summary>
/// What has arrived for one pipeline, gathered in batches of a bounded size while its request is under way. The consuming thread adds, the
/// pipeline takes.
/// </summary>
/// <param name="mostItems">Records and states in a batch at most.</param>
/// <param name="free">Batches to be used again.</param>
internal sealed class Arrivals(int mostItems, ConcurrentBag<RecordBatch> free) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<RecordBatch> _full = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private RecordBatch _gathering = new();
    private bool _awaited;
    private bool _ended;

    public void Add(in LaneRecord record)
    {
        bool awaited;
        lock (_gate)
        {
            Gathering().Add(record);
            awaited = Answer();
        }

        Wake(awaited);
    }

    public void Add(in SignalsUpdate update)
    {
        bool awaited;
        lock (_gate)
        {
            Gathering().Add(update);
            awaited = Answer();
        }

        Wake(awaited);
    }

    /// <summary>Nothing more arrives.</summary>
    public void End()
    {
        bool awaited;
        lock (_gate)
        {
            _ended = true;
            awaited = Answer();
        }

        Wake(awaited);
    }

    /// <summary>Takes the oldest batch, full or not, as soon as there is anything.</summary>
    /// <returns>Null when nothing is left and nothing more arrives.</returns>
    public async ValueTask<RecordBatch?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_full.TryDequeue(out var full))
                {
                    return full;
                }

                if (_gathering.Items > 0)
                {
                    var next = _gathering;
                    _gathering = Fresh();
                    return next;
                }

                if (_ended)
                {
                    return null;
                }

                _awaited = true;
            }

            await _arrived.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _arrived.Dispose();

    private RecordBatch Gathering()
    {
        if (_gathering.Items >= mostItems)
        {
            _full.Enqueue(_gathering);
            _gathering = Fresh();
        }

        return _gathering;
    }

    private RecordBatch Fresh() => free.TryTake(out var used) ? used : new RecordBatch();

    private bool Answer()
    {
        var awaited = _awaited;
        _awaited = false;
        return awaited;
    }

    private void Wake(bool awaited)
    {
        if (awaited)
        {
            _arrived.Release();
        }
    }
}
