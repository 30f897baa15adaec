using System.Globalization;

namespace Hybrid.Comparison.Crashes.Publishing;

/// <summary>Shows a crash test of the publisher: a line a kill, and a summary.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="output">Where the lines go.</param>
public sealed class PublisherCrashConsole(PublisherCrashOptions options, TextWriter output) : IProgress<PublisherCrashRound>
{
    /// <inheritdoc/>
    public void Report(PublisherCrashRound value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var shards = value.Victims.Length == 0 ? "" : $" of shard {value.Victims}";
        var midObject = value.MidObject ? ", an object published in part" : "";
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"kill {value.Number} of {options.Rounds}: {Name(value.Phase)}{shards}, after {value.Running.TotalMilliseconds:N0} ms, {value.Seen:N0} of {value.Put:N0} lines published{midObject}"));
    }

    /// <summary>Writes what was found.</summary>
    /// <param name="result">The whole run.</param>
    public void Summarise(PublisherCrashResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var phases = Enum.GetValues<CrashPhase>().Select(phase => (Phase: phase, Count: result.Rounds.Count(round => round.Phase == phase))).Where(phase => phase.Count > 0);
        var totals = result.Totals;
        output.WriteLine();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Rounds.Count} kills ({string.Join(", ", phases.Select(phase => $"{phase.Count} {Name(phase.Phase)}"))}), {result.Rounds.Count(round => round.Victims.Length > 0)} of them of shards, {result.Rounds.Count(round => round.MidObject)} while an object was published in part"));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{totals.Objects:N0} objects, {totals.Lines:N0} lines = {totals.Records:N0} records + {totals.DeadLetters:N0} dead letters; {totals.Late:N0} objects late; {totals.Transactions:N0} transactions"));
        foreach (var violation in result.Violations)
        {
            output.WriteLine($"WRONG: {violation}");
        }

        var kept = result.DataDirectory is { } directory ? $"; data and logs in {directory}" : "";
        output.WriteLine(result.Violations.Count == 0
            ? $"{result.Rounds.Count} kills, seed {options.Seed}: every line is there once and in order, and no watermark went back or ahead{kept}"
            : string.Create(CultureInfo.InvariantCulture, $"seed {options.Seed} failed{kept}; again: hybrid publish crash-test --seed {options.Seed} --rounds {options.Rounds} --listing-lag {options.ListingLag.TotalMilliseconds:0}ms"));
    }

    private static string Name(CrashPhase phase) => phase switch
    {
        CrashPhase.Fence => "while fencing",
        CrashPhase.List => "while listing",
        CrashPhase.Read => "while reading",
        CrashPhase.Publish => "while publishing",
        CrashPhase.Commit => "before a commit",
        CrashPhase.Committed => "behind a commit",
        _ => "anywhere",
    };
}
