namespace Hybrid.Contracts.Reports.Experiments;

/// <summary>One experiment: its settings, every run it made, and what the runs of the same settings say together.</summary>
public sealed record ExperimentReport
{
    /// <summary>Which one, of <see cref="ExperimentKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>What all runs share, such as <c>repeat</c>, <c>paceSeconds</c>, <c>warmUpPartitions</c>, <c>seed</c>, <c>race</c>.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>What went in; it differs from <see cref="ComparisonReport.Input"/> where an experiment makes its own load.</summary>
    public InputInfo? Input { get; init; }

    /// <summary>Every run, in the order they were made, discarded ones too.</summary>
    public required IReadOnlyList<ExperimentRun> Runs { get; init; }

    /// <summary>One entry for each lane and point; what is discarded is left out of its figures.</summary>
    public required IReadOnlyList<PointSummary> Summaries { get; init; }

    /// <summary><c>load</c>: the searches for the sustainable rate; empty elsewhere.</summary>
    public IReadOnlyList<RateSearch> Searches { get; init => field = value ?? []; } = [];

    /// <summary><c>cost</c>: the freshness (p99, seconds) that lanes are held to; null elsewhere.</summary>
    public double? FreshnessTargetSeconds { get; init; }

    /// <summary>What the experiment found, one sentence each; empty when it settles nothing.</summary>
    public IReadOnlyList<string> Findings { get; init => field = value ?? []; } = [];

    /// <summary>What it refuses to conclude and why (too few runs or samples, too noisy), one sentence each.</summary>
    public IReadOnlyList<string> Refusals { get; init => field = value ?? []; } = [];
}

/// <summary>The kinds of experiments.</summary>
public static class ExperimentKinds
{
    /// <summary>Freshness by stage at a given load.</summary>
    public const string Freshness = "freshness";

    /// <summary>Freshness and lag as the rate rises, and the sustainable rate.</summary>
    public const string Load = "load";

    /// <summary>Freshness against cost as a lane's own setting is swept.</summary>
    public const string Frontier = "frontier";

    /// <summary>What stops, kills and outages do.</summary>
    public const string Restart = "restart";

    /// <summary>What faults of the services around a lane do.</summary>
    public const string Faults = "faults";

    /// <summary>Cost at an equal freshness target and at rest.</summary>
    public const string Cost = "cost";

    /// <summary>All, in the order they run.</summary>
    public static IReadOnlyList<string> All { get; } = [Freshness, Load, Frontier, Restart, Faults, Cost];
}

/// <summary>A search for the highest rate at which lag does not grow: steps up, then bisection.</summary>
public sealed record RateSearch
{
    /// <summary>The lane.</summary>
    public required string Lane { get; init; }

    /// <summary>Which repetition, from 1.</summary>
    public required int Repetition { get; init; }

    /// <summary>The highest rate that was sustained, records per second; null when not even the lowest tried was.</summary>
    public double? SustainedRecordsPerSecond { get; init; }

    /// <summary>The lowest rate that was not, records per second; null when every rate tried was, so that the limit lies above.</summary>
    public double? RefusedRecordsPerSecond { get; init; }

    /// <summary>The runs it made, by <see cref="ExperimentRun.Id"/>.</summary>
    public required IReadOnlyList<string> Runs { get; init; }
}
