namespace Hybrid.Comparison.Cost;

/// <summary>The user's load.</summary>
/// <param name="EventsPerDay">Records a day, above 0.</param>
/// <param name="PartitionPeriod">The length of a partition, above 0.</param>
/// <param name="Bounded">Whether the input ends, so that nothing stays on when it is done.</param>
internal readonly record struct Workload(double EventsPerDay, TimeSpan PartitionPeriod, bool Bounded)
{
    public double RecordsPerSecond => EventsPerDay / 86_400;

    public double EventsPerMonth => EventsPerDay * Pricing.DaysPerMonth;

    public double PartitionsPerMonth => Pricing.HoursPerMonth * 3600 / PartitionPeriod.TotalSeconds;
}
