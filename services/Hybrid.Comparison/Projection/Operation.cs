namespace Hybrid.Comparison.Projection;

/// <summary>What the model needs to know of a run, measured or imagined, of one instance of a lane.</summary>
/// <param name="RecordsPerPartition">Records that come due at once.</param>
/// <param name="RecordsPerSecond">The rate over time.</param>
/// <param name="WaitSeconds">The longest that a record waits on purpose: batch interval, schedule and visibility.</param>
/// <param name="ServiceRate">Records per second at which the instance drains what is queued.</param>
internal readonly record struct Operation(double RecordsPerPartition, double RecordsPerSecond, double WaitSeconds, double ServiceRate)
{
    private const double MostUtilisation = 0.98;

    /// <summary>
    /// How long a partition takes to drain, made longer by what is still queued when it comes: the factor 1/(1−ρ) of every single-server queue
    /// in heavy traffic (Kingman).
    /// </summary>
    public double DrainSeconds => RecordsPerPartition / ServiceRate / (1 - Math.Min(RecordsPerSecond / ServiceRate, MostUtilisation));
}
