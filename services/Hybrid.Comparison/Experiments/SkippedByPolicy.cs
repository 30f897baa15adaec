using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Experiments;

/// <summary>Tells what a restart with the policy <c>latest</c> left out on purpose from what was lost.</summary>
internal static class SkippedByPolicy
{
    /// <summary>The policy, as runs and settings name it.</summary>
    public const string Latest = "latest";

    /// <summary>
    /// Whether an index that is behind the truth is what the policy says: something was skipped, and nothing is there twice or that was not in the input.
    /// A run with <c>latest</c> that skipped nothing has to converge like any other.
    /// </summary>
    public static bool Explains(ExperimentRun run) =>
        run.Settings.GetValueOrDefault("policy") == Latest
        && run.Restarts.Any(restart => restart.Skipped > 0)
        && run.Accounting.Duplicates == 0
        && run.Accounting.Records + run.Accounting.DeadLetters <= run.Accounting.LinesRead;

    /// <summary>The same of a point: whether something was skipped in every run of it.</summary>
    public static bool Explains(PointSummary summary) =>
        summary.Settings.GetValueOrDefault("policy") == Latest
        && summary.Figures.TryGetValue(FigureNames.Skipped, out var skipped) && skipped.Min > 0;
}
