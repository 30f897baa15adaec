using Hybrid.Comparison.Evidence;
using Hybrid.Comparison.Reporting.Charts;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Reporting.Html;

/// <summary>Freshness and lag as the rate rises, and the rate that is sustained.</summary>
internal static class LoadSection
{
    public static string Render(ComparisonReport report)
    {
        if (Findings.Of(report, ExperimentKinds.Load) is not { } experiment)
        {
            return "";
        }

        var runs = experiment.Runs.Where(run => run is { Discarded: null, OfferedRecordsPerSecond: > 0, FreshnessSeconds: not null }).ToArray();
        return Findings.Render(experiment) + Chart(runs) + Searches(experiment) + Rates(runs);
    }

    private static string Chart(IReadOnlyList<ExperimentRun> runs) => new LineChart
    {
        Title = "Freshness as the load rises",
        X = new Axis("load offered, records per second, logarithmic", Figures.LargeTick, Logarithmic: true),
        Y = new Axis("freshness p99, logarithmic", value => Figures.Axis(value), Logarithmic: true),
        Series =
        [
            .. runs.GroupBy(run => run.Lane).Select(lane => new Series(
                lane.Key,
                [
                    .. lane.GroupBy(run => Math.Round(run.OfferedRecordsPerSecond!.Value)).OrderBy(rate => rate.Key)
                        .Select(rate => new CurvePoint(rate.Key, rate.Average(run => run.FreshnessSeconds!.P99))),
                ],
                [.. lane.Select(run => new Mark(new CurvePoint(run.OfferedRecordsPerSecond!.Value, run.FreshnessSeconds!.P99), Name(run), Anchors.Run(run.Id)))])),
        ],
        Note = "Each point is a run and links to it; the line goes through the means. Where it turns upwards, lag grows and freshness is no figure of the lane but of how long the run was.",
    }.Render();

    private static string Searches(ExperimentReport experiment)
    {
        var table = new HtmlTable().Words("lane").Figure("sustained", Definitions.Sustainable).Figure("refused from", Definitions.Sustainable).Figure("core-s per million", Definitions.CoreSeconds);
        foreach (var lane in experiment.Searches.GroupBy(search => search.Lane))
        {
            var best = experiment.Summaries.FirstOrDefault(summary => summary.Lane == lane.Key && summary.Figures.ContainsKey(FigureNames.SustainableRate));
            var sustained = best?.Figure(FigureNames.SustainableRate) ?? Mean(lane.Select(search => search.SustainedRecordsPerSecond));
            table.Row(
                Html.Text(lane.Key),
                Html.Rate(sustained),
                lane.Any(search => search.RefusedRecordsPerSecond is not null) ? Html.Rate(Mean(lane.Select(search => search.RefusedRecordsPerSecond))) : "beyond what was tried",
                Html.Number(best?.Figure(FigureNames.CoreSecondsPerMillion)));
        }

        return table.Render();
    }

    private static string Rates(IReadOnlyList<ExperimentRun> runs)
    {
        var table = new HtmlTable().Words("run").Figure("load", Definitions.Load).Figure("p50", Definitions.Percentile).Figure("p99", Definitions.Percentile).Figure("lag growth", Definitions.LagGrowth).Words("sustained", Definitions.Sustainable);
        foreach (var run in runs.OrderBy(run => run.Lane, StringComparer.Ordinal).ThenBy(run => run.OfferedRecordsPerSecond))
        {
            table.Row(
                Html.Link(Anchors.Run(run.Id), Name(run)),
                Html.Text(Figures.Rate(run.OfferedRecordsPerSecond)),
                Html.Text(Figures.Seconds(run.FreshnessSeconds!.P50)),
                Html.Text(Figures.Seconds(run.FreshnessSeconds.P99)),
                run.LagGrowthShare is { } growth ? Html.Invariant($"{growth:+0.0 %;-0.0 %;0 %}") : Figures.NotMeasured,
                run.Sustained is { } sustained ? Html.Good(sustained, sustained ? "yes" : "no") : Figures.NotMeasured);
        }

        return table.IsEmpty ? "" : $"<details><summary>every load that was tried</summary>{table.Render()}</details>";
    }

    private static string Name(ExperimentRun run) => $"{run.Lane} {run.Point} #{run.Repetition}";

    private static Measured? Mean(IEnumerable<double?> figures) => figures.OfType<double>().ToArray() is { Length: > 0 } known
        ? new Measured(known.Average(), null, null, known.Max(), known.Length)
        : null;
}
