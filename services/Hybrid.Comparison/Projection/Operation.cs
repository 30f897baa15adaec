namespace Hybrid.Comparison.Projection;

/// <summary>What the model needs to know of a run, measured or imagined, of one instance of a lane.</summary>
/// <param name="RecordsPerPartition">Records that come due at once.</param>
/// <param name="RecordsPerSecond">The rate over time.</param>
/// <param name="WaitSeconds">The longest that a record waits on purpose: batch interval, schedule and visibility.</param>
/// <param name="Capacity">Records per second that the instance can take.</param>
internal readonly record struct Operation(double RecordsPerPartition, double RecordsPerSecond, double WaitSeconds, double Capacity)
{
    private const double MostUtilisation = 0.98;

    /// <summary>The share of its capacity that is used; at 1 and above nothing is stable.</summary>
    public double Utilisation => RecordsPerSecond / Capacity;

    /// <summary>
    /// How long a partition takes to drain, made longer by what is still queued when it comes: the factor 1/(1−ρ) of every single-server queue
    /// in heavy traffic (Kingman).
    /// </summary>
    public double DrainSeconds => RecordsPerPartition / Capacity / (1 - Math.Min(Utilisation, MostUtilisation));
}
