using System.Globalization;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Experiments.Summaries;

/// <summary>Says what summaries show, and refuses where they show too little.</summary>
internal static class Findings
{
    /// <summary>What an experiment found, one sentence each.</summary>
    public static IReadOnlyList<string> Of(string kind, IReadOnlyList<PointSummary> points, IReadOnlyList<RateSearch> searches, double? target)
    {
        PointSummary[] sound = [.. points.Where(point => point.Inconclusive is null)];
        return kind switch
        {
            ExperimentKinds.Freshness => [.. Pairs(sound)],
            ExperimentKinds.Frontier => [.. sound.Where(point => point.OnFront == true).Select(OnFront)],
            ExperimentKinds.Load => [.. searches.Select(search => Rate(search) + (searches.Count(other => other.Lane == search.Lane) == 1 ? ", in one search" : ""))],
            ExperimentKinds.Restart or ExperimentKinds.Faults => sound.Length == 0 ? [] : [AllTogether(kind, sound), .. sound.Select(Through)],
            ExperimentKinds.Cost => [.. Cheapest(sound, target)],
            _ => [],
        };
    }

    /// <summary>What an experiment refuses to conclude: a lane's points that lack the same in one sentence.</summary>
    public static IEnumerable<string> Refusals(IReadOnlyList<PointSummary> points) => points
        .Where(point => point.Inconclusive is not null)
        .GroupBy(point => (point.Lane, point.Inconclusive))
        .Select(alike => $"{string.Join(", ", alike.Select((point, place) => place == 0 ? Name(point) : point.Point))}: {alike.Key.Inconclusive}");

    private static IEnumerable<string> Pairs(PointSummary[] points)
    {
        for (var first = 0; first < points.Length; first++)
        {
            for (var second = first + 1; second < points.Length; second++)
            {
                if (P99(points[first]) is not { } left || P99(points[second]) is not { } right)
                {
                    continue;
                }

                var (fresher, staler) = left.Mean <= right.Mean ? (points[first], points[second]) : (points[second], points[first]);
                yield return Estimates.Differ(left, right)
                    ? $"{fresher.Lane} was fresher than {staler.Lane}: p99 {Interval(P99(fresher)!)} against {Interval(P99(staler)!)}"
                    : $"{points[first].Lane} and {points[second].Lane} are not told apart: p99 {Interval(left)} and {Interval(right)}";
            }
        }
    }

    private static string OnFront(PointSummary point) => Text(
        $"on the front: {Name(point)} with p99 {Interval(P99(point)!)} for {point.Figures[FigureNames.CoreSecondsPerMillion].Mean:0.0} core-seconds per million records");

    private static string Rate(RateSearch search) => (search.SustainedRecordsPerSecond, search.RefusedRecordsPerSecond) switch
    {
        ({ } low, { } high) => Text($"{search.Lane} sustained {low:0} records/s and did not sustain {high:0}"),
        ({ } low, null) => Text($"{search.Lane} sustained {low:0} records/s, the highest rate tried"),
        (null, { } high) => Text($"{search.Lane} did not sustain {high:0} records/s, the lowest rate tried"),
        _ => $"{search.Lane}: no rate was tried",
    };

    /// <summary>The sentence before those of the points: whether any index was wrong, and where staleness was worst.</summary>
    private static string AllTogether(string kind, PointSummary[] points)
    {
        var (of, noun) = kind == ExperimentKinds.Restart ? ("restart", "restarts") : ("fault", "faults");
        PointSummary[] wrong = [.. points.Where(point => !point.Converged && !SkippedByPolicy.Explains(point))];
        var skipped = points.Count(SkippedByPolicy.Explains);
        var index = wrong.Length > 0
            ? $"{wrong.Length} of {points.Length} {noun} left a wrong index ({string.Join(", ", wrong.Take(3).Select(Name))})"
            : $"no {of} of {points.Length} lost or doubled anything{(skipped > 0 ? $", but for {skipped} that skipped as told" : "")}";
        var worst = points.Where(point => point.Figures.ContainsKey(FigureNames.PeakStaleness)).MaxBy(point => point.Figures[FigureNames.PeakStaleness].Mean);
        return worst is null ? index : $"{index}; at worst the index was {Interval(worst.Figures[FigureNames.PeakStaleness])} stale, through {Name(worst)}";
    }

    private static string Through(PointSummary point)
    {
        var peak = point.Figures.TryGetValue(FigureNames.PeakStaleness, out var staleness) ? $", at worst {Interval(staleness)} stale" : "";
        var caught = point.Figures.TryGetValue(FigureNames.CatchUp, out var time) ? $", back in its band after {Interval(time)}" : "";
        var index = point.Converged ? "converged"
            : SkippedByPolicy.Explains(point) ? Text($"skipped {point.Figures[FigureNames.Skipped].Mean:0} records, as told")
            : "did NOT converge";
        return $"{Name(point)}: {index}{peak}{caught}";
    }

    private static IEnumerable<string> Cheapest(PointSummary[] points, double? target)
    {
        var met = points.Where(point => point.MetTarget == true && point.Converged && point.Figures.ContainsKey(FigureNames.CoreSecondsPerMillion))
            .OrderBy(point => point.Figures[FigureNames.CoreSecondsPerMillion].Mean)
            .ToArray();
        if (met.Length == 0 || target is null)
        {
            yield break;
        }

        yield return Text(
            $"{Name(met[0])} met p99 ≤ {target:0.##} s with the least processor time: {met[0].Figures[FigureNames.CoreSecondsPerMillion].Mean:0.0} core-seconds per million records");
        foreach (var point in points.Where(point => point.Figures.ContainsKey(FigureNames.RestCoreSecondsPerHour)))
        {
            yield return Text($"at rest {point.Lane} takes {point.Figures[FigureNames.RestCoreSecondsPerHour].Mean:0} core-seconds an hour");
        }
    }

    private static Estimate? P99(PointSummary point) => point.Figures.GetValueOrDefault(FigureNames.FreshnessP99);

    private static string Name(PointSummary point) => point.Point.Length == 0 ? point.Lane : $"{point.Lane} {point.Point}";

    private static string Interval(Estimate estimate) => estimate is { Low: { } low, High: { } high }
        ? Text($"{estimate.Mean:0.00} s ({Math.Max(0, low):0.00} to {high:0.00})")
        : Text($"{estimate.Mean:0.00} s (one run)");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
