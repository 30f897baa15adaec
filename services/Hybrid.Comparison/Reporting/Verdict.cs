using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Reporting;

/// <summary>What a lane's run came to, in a word and a sentence.</summary>
internal static class Verdict
{
    public static bool Passed(LaneReport lane) => lane.Truth.Converged && lane.Accounting.AddsUp && lane.Errors.Count == 0;

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
