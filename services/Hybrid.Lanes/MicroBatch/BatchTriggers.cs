using Hybrid.Pipeline.Lanes;

namespace Hybrid.Lanes.MicroBatch;

/// <summary>Decides when a batch is to be written. Half of what may be in flight bounds a batch too: past that the lane may take no more, and the batch would wait for nothing.</summary>
internal sealed class BatchTriggers(LaneOptions options, TimeProvider time)
{
    private readonly int _maxRecords = Math.Min(options.MaxBatchRecords, Math.Max(1, options.MaxInFlightRecords / 2));
    private readonly long _maxBytes = Math.Min(options.MaxBatchBytes, Math.Max(1, options.MaxInFlightBytes / 2));
    private TimeSpan _interval = options.Interval;
    private long _records;
    private long _bytes;
    private long _first;

    /// <summary>The trigger that has fired, the fullest first; null for none.</summary>
    public BatchTrigger? Fired =>
        _records == 0 ? null
        : _records >= _maxRecords ? BatchTrigger.Records
        : _bytes >= _maxBytes ? BatchTrigger.Bytes
        : Remaining == TimeSpan.Zero ? BatchTrigger.Interval
        : null;

    /// <summary>Whether a bound of the batch is reached.</summary>
    public bool IsFull => _records >= _maxRecords || _bytes >= _maxBytes;

    /// <summary>How long until the interval is over; <see cref="TimeSpan.MaxValue"/> for an empty batch.</summary>
    public TimeSpan Remaining
    {
        get
        {
            if (_records == 0)
            {
                return TimeSpan.MaxValue;
            }

            var left = _interval - time.GetElapsedTime(_first);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Notes a record; the first one starts the interval.</summary>
    public void Add(int bytes)
    {
        if (_records++ == 0)
        {
            _first = time.GetTimestamp();
        }

        _bytes += bytes;
    }

    /// <summary>When the first record came, by the time provider's timestamp.</summary>
    public long First => _first;

    /// <summary>Begins a new batch.</summary>
    public void Reset() => _records = _bytes = 0;

    /// <summary>Changes the interval, that of the batch that is being gathered too.</summary>
    public void Keep(TimeSpan interval) => _interval = interval;
}
