using Hybrid.Comparison.Experiments;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Reporting;

/// <summary>What a lane's run came to, in a word and a sentence.</summary>
internal static class Verdict
{
    /// <summary>What is said of an index that is behind the truth since a restart was told to skip.</summary>
    public const string Skipped = "behind, as told to skip";

    public static bool Passed(LaneReport lane) => lane.Truth.Converged && lane.Accounting.AddsUp && lane.Errors.Count == 0;

    /// <summary>What the index of a point came to in all of its runs.</summary>
    public static string Index(PointSummary summary) => summary.Converged ? "right" : SkippedByPolicy.Explains(summary) ? Skipped : "WRONG";

    public static string Truth(TruthReport truth) => truth.Converged
        ? $"converged ({Figures.Count(truth.Documents)} documents)"
        : $"NOT converged: {Figures.Count(truth.Missing)} missing, {Figures.Count(truth.Stale)} stale, {Figures.Count(truth.Extra)} extra";

    public static string Accounting(Accounting counts)
    {
        var sum = $"{Figures.Count(counts.LinesRead)} lines = {Figures.Count(counts.Records)} records + {Figures.Count(counts.DeadLetters)} dead letters";
        return counts.AddsUp
            ? sum
            : $"does NOT add up: {sum.Replace(" = ", " ≠ ", StringComparison.Ordinal)}, {Figures.Count(counts.Duplicates)} duplicates";
    }
}
