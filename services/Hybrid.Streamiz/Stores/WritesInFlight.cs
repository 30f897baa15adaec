namespace Hybrid.Streamiz.Stores;

/// <summary>
/// The writes of one task that were begun and are not yet acknowledged. The task's thread begins them and waits; any thread ends them.
/// A failure is kept: once a write has failed for good no later wait succeeds, so that nothing past it is ever committed.
/// </summary>
internal sealed class WritesInFlight
{
    private readonly object _gate = new();
    private long _count;
    private Exception? _failure;

    /// <summary>Begun and not yet ended.</summary>
    public long Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    public void Begin()
    {
        lock (_gate)
        {
            _count++;
        }
    }

    /// <summary>Ends a write.</summary>
    /// <param name="failure">Why it failed for good; null when it is acknowledged.</param>
    public void End(Exception? failure = null)
    {
        lock (_gate)
        {
            _count--;
            _failure ??= failure;
            if (_count == 0 || _failure is not null)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Returns when every write begun so far is acknowledged.</summary>
    /// <exception cref="WriteFailedException">One of them failed, now or before.</exception>
    public void Wait()
    {
        lock (_gate)
        {
            while (_count > 0 && _failure is null)
            {
                Monitor.Wait(_gate);
            }

            if (_failure is not null)
            {
                throw new WriteFailedException(_failure);
            }
        }
    }
}

/// <summary>A write failed for good, so what it belongs to must not be committed.</summary>
internal sealed class WriteFailedException(Exception cause) : Exception(cause.Message, cause);
