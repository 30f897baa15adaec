using System.Globalization;

namespace Hybrid.Comparison.Convergence;

/// <summary>Shows rounds: a line each, and a summary.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="output">Where the lines go.</param>
public sealed class SoakConsole(ConvergenceOptions options, TextWriter output) : IProgress<ConvergenceRound>
{
    private readonly Lock _lock = new();
    private int _rounds;

    /// <summary>The command that repeats a round.</summary>
    /// <param name="round">The round.</param>
    public static string Again(ConvergenceRound round)
    {
        ArgumentNullException.ThrowIfNull(round);
        return string.Create(CultureInfo.InvariantCulture, $"./hybrid soak --seed {round.Seed} --rounds 1 --lanes {string.Join(',', round.Lanes)}");
    }

    /// <inheritdoc/>
    public void Report(ConvergenceRound value)
    {
        ArgumentNullException.ThrowIfNull(value);
        lock (_lock)
        {
            var number = options.Rounds is { } rounds ? $"{++_rounds} of {rounds}" : $"{++_rounds}";
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"round {number}, seed {value.Seed}: {(value.Violations.Count == 0 ? "held" : "DIVERGED")} in {value.Took.TotalSeconds:0.0} s; {value.Lines:N0} lines, {value.Documents:N0} documents; {Counts(value.Tally)}"));
        }
    }

    /// <summary>Writes what was found.</summary>
    /// <param name="result">The whole run.</param>
    public void Summarise(ConvergenceResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var kept = result.DataDirectory is { } directory ? $"; data and logs in {directory}" : "";
        output.WriteLine();
        foreach (var round in result.Failed)
        {
            foreach (var violation in round.Violations)
            {
                output.WriteLine($"WRONG, seed {round.Seed}: {violation}");
            }

            output.WriteLine($"again: {Again(round)}");
        }

        var totals = result.Rounds.SelectMany(round => round.Tally).GroupBy(count => count.Key, count => count.Value, StringComparer.Ordinal)
            .ToDictionary(counts => counts.Key, counts => counts.Sum(), StringComparer.Ordinal);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Rounds.Count} rounds, {result.Rounds.Sum(round => round.Lines):N0} lines through {string.Join(", ", ConvergenceRunner.LanesOf(options))}: {Counts(totals)}"));
        output.WriteLine(result.Failed.Any()
            ? $"{result.Failed.Count()} of {result.Rounds.Count} rounds did not end in the truth{kept}"
            : result.Rounds.Count == 0 ? "no round came to its end" : $"every lane ended in the truth, document by document, in every round{kept}");
    }

    private static string Counts(IReadOnlyDictionary<string, int> tally) =>
        tally.Count == 0 ? "nothing befell it" : string.Join(", ", tally.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Key} ×{count.Value}"));
}
