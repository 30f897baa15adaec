using Hybrid.Contracts.Measurement;
using Hybrid.Pipeline.Measurement;
using Microsoft.Extensions.Logging;

namespace Hybrid.Streamiz.Windows;

/// <summary>What the windows of all tasks say about themselves. Safe for concurrent use: each stream thread has tasks.</summary>
internal sealed partial class WindowMetrics(HybridMetrics metrics, ILogger logger)
{
    private long _held;

    /// <summary>So many more entries are held, or fewer.</summary>
    public void Hold(int more)
    {
        if (more != 0)
        {
            metrics.SetGauge(Instruments.WindowEntries, Interlocked.Add(ref _held, more), "{record}");
        }
    }

    /// <summary>A window was made from its store.</summary>
    public void Rebuilt(int partition, long offset, int entries, TimeSpan took)
    {
        metrics.WindowRebuiltEntries.Add(entries);
        metrics.WindowRebuildDuration.Record(took.TotalSeconds);
        LogRebuilt(partition, offset, entries, took.TotalMilliseconds);
    }

    [LoggerMessage(EventId = 630, Level = LogLevel.Information,
        Message = "The window of partition {Partition} at offset {Offset} is made of {Entries} entries of its store, in {Milliseconds:0} ms")]
    private partial void LogRebuilt(int partition, long offset, int entries, double milliseconds);
}
