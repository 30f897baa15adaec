using Hybrid.Streamiz.Stores;

namespace Hybrid.Streamiz;

/// <summary>Bounds what is taken from Kafka and not yet acknowledged. Taking blocks: Streamiz has no other way to stop reading.</summary>
internal sealed class InFlightBudget(int maxRecords, long maxBytes)
{
    private readonly object _gate = new();
    private int _records;
    private long _bytes;
    private Exception? _closed;

    public int Records
    {
        get
        {
            lock (_gate)
            {
                return _records;
            }
        }
    }

    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Takes room for one record, waiting for it. One record larger than the whole budget passes alone.</summary>
    /// <exception cref="WriteFailedException">The budget was closed.</exception>
    public void Take(int bytes)
    {
        lock (_gate)
        {
            while (_closed is null && _records > 0 && (_records >= maxRecords || _bytes + bytes > maxBytes))
            {
                Monitor.Wait(_gate);
            }

            if (_closed is not null)
            {
                throw new WriteFailedException(_closed);
            }

            _records++;
            _bytes += bytes;
        }
    }

    public void Return(int records, long bytes)
    {
        lock (_gate)
        {
            _records -= records;
            _bytes -= bytes;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Lets nobody wait any longer: no room will be given again.</summary>
    public void Close(Exception reason)
    {
        lock (_gate)
        {
            _closed ??= reason;
            Monitor.PulseAll(_gate);
        }
    }
}
