namespace Hybrid.Comparison.Decisions;

/// <summary>The five questions of <c>hybrid decide</c>, as the command line gives them.</summary>
public sealed record DecideOptions
{
    /// <summary>A report.json, or the directory that holds it; null when none was given.</summary>
    public string? Report { get; init; }

    /// <summary>How stale a record may be at <see cref="Percentile"/>, above 0; null to ask nothing.</summary>
    public TimeSpan? Freshness { get; init; }

    /// <summary>Which percentile is held to it.</summary>
    public FreshnessPercentile Percentile { get; init; } = FreshnessPercentile.P99;

    /// <summary>Whether figures over a window of events are needed.</summary>
    public bool Stateful { get; init; }

    /// <summary>Whether the input ends.</summary>
    public bool Bounded { get; init; }

    /// <summary>Records a day, above 0.</summary>
    public double EventsPerDay { get; init; } = 1_000_000;

    /// <summary>The length of a partition, above 0.</summary>
    public TimeSpan PartitionPeriod { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How stale the index may become through a restart; null to ask nothing.</summary>
    public TimeSpan? MaxDowntime { get; init; }

    /// <summary>The most that a month may cost, in the currency of the prices; null to ask nothing.</summary>
    public double? Budget { get; init; }

    /// <summary>The lanes asked about; empty for all that were measured.</summary>
    public IReadOnlyList<string> Lanes { get; init; } = [];

    /// <summary>A file of prices; null for the examples that travel with the program.</summary>
    public string? Pricing { get; init; }

    /// <summary>Whether the answer is for a machine.</summary>
    public bool Json { get; init; }
}
