namespace Hybrid.Pipeline.Hosting;

/// <summary>
/// How event time follows wall time (section <c>Clock</c>). At <see cref="Start"/> in wall time it is <see cref="Origin"/> in event time,
/// and from there event time runs <see cref="Speed"/> times as fast. In production nothing is set and the two are one.
/// </summary>
public sealed class ClockOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Clock";

    /// <summary>Event time at <see cref="Start"/>; null for no mapping.</summary>
    public DateTimeOffset? Origin { get; set; }

    /// <summary>Wall time at which event time is <see cref="Origin"/>; null for no mapping.</summary>
    public DateTimeOffset? Start { get; set; }

    /// <summary>Seconds of event time per second of wall time, above 0.</summary>
    public double Speed { get; set; } = 1;

    /// <summary>Event time; the freshness of partitions that end before it, a warm-up, is not recorded. Null records every partition's.</summary>
    public DateTimeOffset? MeasuredFrom { get; set; }
}
