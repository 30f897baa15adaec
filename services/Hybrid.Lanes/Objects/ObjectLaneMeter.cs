using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Progress;

namespace Hybrid.Lanes.Objects;

/// <summary>Counts what a lane without Kafka does, and says how far it is.</summary>
internal sealed class ObjectLaneMeter(HybridMetrics metrics, EventClock clock)
{
    /// <summary>How far behind the lane is.</summary>
    /// <param name="watermark">Event time up to which everything is indexed; null to leave that to somebody else.</param>
    /// <param name="lag">Partitions that are due and not indexed.</param>
    /// <param name="late">Objects found of earlier partitions that are not indexed.</param>
    public void Behind(DateTimeOffset? watermark, (long Partitions, TimeSpan Time) lag, long late)
    {
        if (watermark is { } indexed)
        {
            metrics.SetGauge(Instruments.LaneWatermark, indexed.ToUnixTimeMilliseconds() / 1000.0);
        }

        metrics.SetGauge(Instruments.LagPartitions, lag.Partitions + late);
    }

    /// <summary>A late object is indexed.</summary>
    public void Late(PartitionId partition) => metrics.Lateness.Record((clock.WallNow - clock.ToWall(partition.End)).TotalSeconds);

    /// <summary>The cursor moved.</summary>
    public void Committed(ProgressCounts before, ProgressCounts after)
    {
        metrics.OffsetCommits.Add(1);
        metrics.LateObjects.Add(after.LateObjects - before.LateObjects);
        metrics.ReplacedObjects.Add(after.ReplacedObjects - before.ReplacedObjects);
        metrics.DeletedObjects.Add(after.DeletedObjects - before.DeletedObjects);
    }
}
