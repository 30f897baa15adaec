using System.Globalization;
using Hybrid.Comparison.Experiments.Summaries;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Reporting.Changes;

/// <summary>Two reports set against each other.</summary>
internal sealed record ReportChanges
{
    /// <summary>Differences below this share are not flagged, whatever their interval says: clocks and histograms are not finer.</summary>
    private const double LeastShare = 0.01;

    /// <summary>What differs between the two beside what was measured, so that a movement may be of that.</summary>
    public required IReadOnlyList<string> Conditions { get; init; }

    /// <summary>Every figure that both have.</summary>
    public required IReadOnlyList<Change> Changes { get; init; }

    /// <summary>What only one of them has.</summary>
    public required IReadOnlyList<string> Unmatched { get; init; }

    /// <summary>When the older one was made.</summary>
    public required DateTimeOffset Before { get; init; }

    public IEnumerable<Change> Moved => Changes.Where(change => change.Movement is Movement.Worse or Movement.Better);

    /// <summary>One sentence: how many figures moved, and how many would by chance.</summary>
    public string Summary
    {
        get
        {
            var known = Changes.Count(change => change.Movement != Movement.Unknown);
            var unknown = Changes.Count - known;
            var worse = Changes.Count(change => change.Movement == Movement.Worse);
            var better = Changes.Count(change => change.Movement == Movement.Better);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Of {Changes.Count} figures in both reports {worse} moved to the worse and {better} to the better beyond noise, {known - worse - better} did not; ")
                + (unknown > 0 ? string.Create(CultureInfo.InvariantCulture, $"of {unknown} nobody can know, since one of the reports has a single run of them; ") : "")
                + string.Create(CultureInfo.InvariantCulture, $"about {Math.Ceiling(known * 0.05)} would be flagged by chance alone.");
        }
    }

    public static ReportChanges Between(ComparisonReport before, ComparisonReport after)
    {
        var old = FiguresOf(before);
        var now = FiguresOf(after);
        return new ReportChanges
        {
            Before = before.Run.StartedAt,
            Conditions = [.. ConditionsOf(before, after)],
            Changes = [.. now.Where(pair => old.ContainsKey(pair.Key)).Select(pair => Compare(pair.Key, old[pair.Key], pair.Value))],
            Unmatched =
            [
                .. old.Keys.Except(now.Keys).Select(key => key.Where).Distinct().Select(where => $"{where}: only in the older report"),
                .. now.Keys.Except(old.Keys).Select(key => key.Where).Distinct().Select(where => $"{where}: only in the newer report"),
            ],
        };
    }

    /// <summary>Welch's interval of the difference of two means, from each mean's own interval.</summary>
    internal static (double Low, double High)? DifferenceOf(Estimate before, Estimate after)
    {
        if (Variance(before) is not { } first || Variance(after) is not { } second)
        {
            return null;
        }

        var difference = after.Mean - before.Mean;
        var variance = first + second;
        if (variance <= 0)
        {
            return (difference, difference);
        }

        var degrees = variance * variance / ((first * first / (before.Runs - 1)) + (second * second / (after.Runs - 1)));
        var reach = StudentT.Quantile(degrees) * Math.Sqrt(variance);
        return (difference - reach, difference + reach);
    }

    private static double? Variance(Estimate estimate) => estimate is { Low: { } low, High: { } high, Runs: > 1 }
        ? Math.Pow((high - low) / 2 / StudentT.Quantile(estimate.Runs - 1), 2)
        : null;

    private static Change Compare((string Where, string Figure) key, Estimate before, Estimate after)
    {
        var difference = DifferenceOf(before, after);
        var small = Math.Abs(after.Mean - before.Mean) <= LeastShare * Math.Abs(before.Mean);
        var movement = difference is not var (low, high) ? Movement.Unknown
            : (low <= 0 && high >= 0) || small ? Movement.Noise
            : after.Mean > before.Mean == IsBetterHigh(key.Figure) ? Movement.Better : Movement.Worse;
        return new Change { Where = key.Where, Figure = key.Figure, Before = before.Mean, After = after.Mean, Difference = difference, Movement = movement };
    }

    private static bool IsBetterHigh(string figure) => figure is FigureNames.Throughput or FigureNames.SustainableRate;

    private static Dictionary<(string Where, string Figure), Estimate> FiguresOf(ComparisonReport report)
    {
        var figures = new Dictionary<(string Where, string Figure), Estimate>();
        foreach (var experiment in report.Experiments)
        {
            foreach (var summary in experiment.Summaries)
            {
                foreach (var (name, estimate) in summary.Figures)
                {
                    figures[($"{experiment.Kind}: {summary.Lane}{(summary.Point.Length == 0 ? "" : $" {summary.Point}")}", name)] = estimate;
                }
            }
        }

        if (report.Experiments.Count == 0)
        {
            foreach (var lane in report.Lanes)
            {
                Add(lane, FigureNames.FreshnessP50, lane.FreshnessSeconds?.P50);
                Add(lane, FigureNames.FreshnessP99, lane.FreshnessSeconds?.P99);
                Add(lane, FigureNames.CoreSecondsPerMillion, lane.Cost.CoreSecondsPerMillionRecords);
                Add(lane, FigureNames.PeakMemory, lane.Cost.PeakMemoryBytes);
                Add(lane, FigureNames.SolrRequests, lane.Cost.SolrRequests);
            }
        }

        return figures;

        void Add(LaneReport lane, string name, double? value)
        {
            if (value is { } figure)
            {
                figures[(lane.Name, name)] = new Estimate { Mean = figure, Median = figure, Min = figure, Max = figure, Runs = 1 };
            }
        }
    }

    private static IEnumerable<string> ConditionsOf(ComparisonReport before, ComparisonReport after)
    {
        (string Name, string Before, string After)[] conditions =
        [
            ("version", before.Run.Version, after.Run.Version),
            ("input", $"{before.Input.Source}, {before.Input.Records} records", $"{after.Input.Source}, {after.Input.Records} records"),
            ("pace", Figures.Seconds(before.Run.PaceSeconds), Figures.Seconds(after.Run.PaceSeconds)),
            ("cores", $"{before.Run.Machine.Cores}", $"{after.Run.Machine.Cores}"),
            ("operating system", before.Run.Machine.OperatingSystem, after.Run.Machine.OperatingSystem),
            ("runtime", before.Run.Machine.Runtime, after.Run.Machine.Runtime),
            .. before.Run.Settings.Keys.Union(after.Run.Settings.Keys).Order(StringComparer.Ordinal)
                .Select(key => (key, before.Run.Settings.GetValueOrDefault(key, "not set"), after.Run.Settings.GetValueOrDefault(key, "not set"))),
            .. before.Run.Stack.Keys.Union(after.Run.Stack.Keys).Order(StringComparer.Ordinal)
                .Select(key => (key, before.Run.Stack.GetValueOrDefault(key, "none"), after.Run.Stack.GetValueOrDefault(key, "none"))),
        ];
        return conditions.Where(condition => condition.Before != condition.After).Select(condition => $"{condition.Name}: {condition.Before} before, {condition.After} now");
    }
}
