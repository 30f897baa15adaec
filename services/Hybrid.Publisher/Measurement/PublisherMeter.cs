using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Progress;
using Hybrid.Publisher.Progress;

namespace Hybrid.Publisher.Measurement;

/// <summary>Counts what the publisher does. What a transaction holds is counted once it is committed, so that what is done again counts once.</summary>
internal sealed class PublisherMeter(HybridMetrics metrics, EventClock clock)
{
    private HashSet<(string Key, string ETag)> _discovered = [];

    /// <summary>These objects of a listing are not published yet; those that were not among them at the last listing are new.</summary>
    public void Discovered(IEnumerable<ObjectEntry> unpublished)
    {
        var now = unpublished.Select(entry => (entry.Key, entry.ETag)).ToHashSet();
        metrics.ObjectsDiscovered.Add(now.Count(one => !_discovered.Contains(one)));
        _discovered = now;
    }

    /// <summary>How far the clocks are apart.</summary>
    public void Clocks(TimeSpan disagreement) => metrics.SetGauge(Instruments.PublisherClockDisagreement, disagreement.TotalSeconds);

    /// <summary>How far behind the publisher is.</summary>
    public void Lags(DateTimeOffset watermark, (long Partitions, TimeSpan Time) lag)
    {
        metrics.SetGauge(Instruments.PublisherWatermark, watermark.ToUnixTimeMilliseconds() / 1000.0);
        metrics.SetGauge(Instruments.PublisherLagPartitions, lag.Partitions);
        metrics.SetGauge(Instruments.PublisherLagSeconds, lag.Time.TotalSeconds);
    }

    /// <summary>A transaction is committed.</summary>
    public void Committed(ProgressCounts before, ProgressCounts after, long bytes, TimeSpan took)
    {
        metrics.Transactions.Add(1);
        metrics.TransactionDuration.Record(took.TotalSeconds);
        metrics.BytesPublished.Add(bytes);
        metrics.LinesRead.Add(after.Lines - before.Lines);
        metrics.RecordsPublished.Add(after.Records - before.Records);
        metrics.DeadLetters.Add(after.DeadLetters - before.DeadLetters);
        metrics.PartitionsPublished.Add(after.Partitions - before.Partitions);
        metrics.PartitionsSkipped.Add(after.SkippedPartitions - before.SkippedPartitions);
        metrics.ObjectsPublished.Add(after.Objects - before.Objects);
        metrics.LateObjects.Add(after.LateObjects - before.LateObjects);
        metrics.ReplacedObjects.Add(after.ReplacedObjects - before.ReplacedObjects);
        metrics.DeletedObjects.Add(after.DeletedObjects - before.DeletedObjects);
    }

    /// <summary>Records of one object are committed.</summary>
    /// <param name="partition">The object's partition.</param>
    /// <param name="entry">The object.</param>
    /// <param name="records">How many.</param>
    /// <param name="discovered">When the object was found, wall time.</param>
    public void Fresh(PartitionId partition, ObjectEntry entry, long records, DateTimeOffset discovered)
    {
        var due = clock.ToWall(partition.End);
        if (!clock.IsMeasured(due.ToUnixTimeMilliseconds()))
        {
            return;
        }

        var landed = (entry.LastModified - due).TotalSeconds;
        var found = (discovered - due).TotalSeconds;
        var published = (clock.WallNow - due).TotalSeconds;
        metrics.FreshnessLanded.Record(landed, records);
        metrics.FreshnessDiscovered.Record(found, records);
        metrics.FreshnessPublished.Record(published, records);
    }

    /// <summary>A late object is committed.</summary>
    public void Late(PartitionId partition) => metrics.Lateness.Record((clock.WallNow - clock.ToWall(partition.End)).TotalSeconds);
}
