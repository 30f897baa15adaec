using Hybrid.Comparison.Cost;
using Hybrid.Comparison.Evidence;

namespace Hybrid.Comparison.Decisions;

/// <summary>A lane as it was set in a measured run, held to a requirement.</summary>
internal sealed record Candidate
{
    public required Observation Lane { get; init; }

    /// <summary>Freshness at the percentile asked for, at the user's partition period.</summary>
    public required Measured? Freshness { get; init; }

    /// <summary>What a month costs; null where it was not measured.</summary>
    public required Bill? Bill { get; init; }

    /// <summary>The same total with its spread.</summary>
    public required Measured? PerMonth { get; init; }

    public required IReadOnlyList<Check> Checks { get; init; }

    /// <summary>Whether every question was measured and met, and the cost is known.</summary>
    public bool IsEligible => PerMonth is not null && Checks.All(check => check.Outcome == Outcome.Met);

    /// <summary>The questions it failed, or that no run answers.</summary>
    public IEnumerable<Check> Obstacles => Checks.Where(check => check.Outcome != Outcome.Met);

    /// <summary>Whether only this question keeps it out.</summary>
    public bool FailsOnly(Question question) => PerMonth is not null && Obstacles.Any() && Obstacles.All(check => check.Question == question && check.Outcome == Outcome.Missed);
}
