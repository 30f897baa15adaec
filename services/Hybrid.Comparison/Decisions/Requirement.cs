using Hybrid.Comparison.Cost;

namespace Hybrid.Comparison.Decisions;

/// <summary>The answers to the five questions. Null asks for nothing.</summary>
internal sealed record Requirement
{
    /// <summary>Latency: how stale a record may be at <see cref="Percentile"/>, seconds.</summary>
    public double? FreshnessSeconds { get; init; }

    /// <summary>Which percentile is held to it.</summary>
    public FreshnessPercentile Percentile { get; init; } = FreshnessPercentile.P99;

    /// <summary>State: whether figures over a window of events are needed.</summary>
    public bool Stateful { get; init; }

    /// <summary>Bounded or not, and how much of it.</summary>
    public required Workload Load { get; init; }

    /// <summary>When it breaks: how stale the index may become through a restart, seconds.</summary>
    public double? DowntimeSeconds { get; init; }

    /// <summary>Total cost: the most that a month may cost, in the currency of the prices.</summary>
    public double? BudgetPerMonth { get; init; }

    /// <summary>The lanes asked about; empty for all that were measured.</summary>
    public IReadOnlyList<string> Lanes { get; init; } = [];
}

/// <summary>A percentile of freshness.</summary>
public enum FreshnessPercentile
{
    /// <summary>Half of the records are fresher.</summary>
    P50,

    /// <summary>19 of 20 records are fresher.</summary>
    P95,

    /// <summary>99 of 100 records are fresher.</summary>
    P99,
}
