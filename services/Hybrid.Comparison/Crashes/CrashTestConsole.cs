using System.Globalization;

namespace Hybrid.Comparison.Crashes;

/// <summary>Shows a crash test: a line a round, and a summary.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="output">Where the lines go.</param>
public sealed class CrashTestConsole(CrashTestOptions options, TextWriter output) : IProgress<CrashRound>
{
    /// <inheritdoc/>
    public void Report(CrashRound value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var clients = value.ClientsSurvived ? "clients lived on" : "clients died";
        var starts = value.KilledStarts == 0 ? "" : $", {value.KilledStarts} killed starts";
        var verdict = value.Violations.Count == 0 ? "all there" : "NOT all there";
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"round {value.Number} of {options.Rounds}: killed after {value.Load.TotalMilliseconds:0} ms, {clients}{starts}, restarted in {value.Restart.TotalMilliseconds:0} ms, {value.Acknowledged.Values.Sum():N0} acknowledged so far, {verdict} (checked in {value.Check.TotalMilliseconds:0} ms)"));
    }

    /// <summary>Writes what was found.</summary>
    /// <param name="result">The whole run.</param>
    public void Summarise(CrashTestResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var restarts = result.Rounds.Select(round => round.Restart.TotalMilliseconds).Order().ToList();
        var last = result.Rounds[^1];
        output.WriteLine();
        foreach (var (name, count) in last.Acknowledged)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-18} {count,12:N0} acknowledged"));
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{"restarts",-18} {restarts[restarts.Count / 2],12:N0} ms median, {restarts[^1]:N0} ms at most; {result.Rounds.Sum(round => round.KilledStarts)} starts killed; Kafka clients lived on in {result.Rounds.Count(round => round.ClientsSurvived)} rounds"));
        foreach (var violation in result.Violations)
        {
            output.WriteLine($"LOST: {violation}");
        }

        var kept = result.DataDirectory is { } directory ? $"; data and log in {directory}" : "";
        output.WriteLine(result.Violations.Count == 0
            ? $"{result.Rounds.Count} kills, seed {options.Seed}: everything acknowledged is there, nothing is half there{kept}"
            : $"round {last.Number} of seed {options.Seed} failed{kept}; again: hybrid sandbox crash-test --seed {options.Seed} --rounds {last.Number}");
    }
}
