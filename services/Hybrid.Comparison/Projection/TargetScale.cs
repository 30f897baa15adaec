namespace Hybrid.Comparison.Projection;

/// <summary>The user's scale.</summary>
/// <param name="EventsPerDay">Records a day, above 0.</param>
/// <param name="PartitionPeriod">The length of a partition, above 0.</param>
/// <param name="Documents">Documents in the index, from 0.</param>
/// <param name="FreshnessSeconds">The p99 freshness to size for; null to size for the rate alone.</param>
internal sealed record TargetScale(double EventsPerDay, TimeSpan PartitionPeriod, double Documents, double? FreshnessSeconds)
{
    public double RecordsPerSecond => EventsPerDay / 86_400;

    public double RecordsPerPartition => RecordsPerSecond * PartitionPeriod.TotalSeconds;
}
