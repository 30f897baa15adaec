using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Measurement;

namespace Hybrid.Lanes.Consuming;

/// <summary>Records that were taken at one moment and whose partitions were due at one moment: they are counted, and their freshness recorded, once for all. Belongs to the consuming thread.</summary>
internal sealed class ConsumedRun(HybridMetrics metrics, LaneFreshness freshness)
{
    private long? _closed;
    private int _records;

    /// <summary>Notes a record.</summary>
    /// <param name="closedMilliseconds">When its partition was due to close; null when not known.</param>
    public void Add(long? closedMilliseconds)
    {
        if (closedMilliseconds != _closed)
        {
            Record();
            _closed = closedMilliseconds;
        }

        _records++;
    }

    /// <summary>Records what was noted.</summary>
    public void Record()
    {
        if (_records > 0)
        {
            metrics.RecordsConsumed.Add(_records);
            freshness.Consumed(_closed, _records);
            _records = 0;
        }
    }
}
