using Hybrid.Comparison.Evidence;
using Hybrid.Comparison.Reporting.Charts;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Reporting.Html;

/// <summary>Freshness against cost as each lane's own setting is swept.</summary>
internal static class FrontierSection
{
    public static string Render(ComparisonReport report)
    {
        if (Findings.Of(report, ExperimentKinds.Frontier) is not { } experiment)
        {
            return "";
        }

        return Findings.Render(experiment) + Chart(experiment) + Table(experiment);
    }

    private static string Chart(ExperimentReport experiment) => new ScatterChart
    {
        Title = "Freshness against cost, every setting that was measured",
        X = new Axis("freshness p99, logarithmic", value => Figures.Axis(value), Logarithmic: true),
        Y = new Axis("core-seconds per million records, log.", Figures.Tick, Logarithmic: true),
        Points =
        [
            .. from summary in experiment.Summaries
               let freshness = summary.Figure(FigureNames.FreshnessP99)
               let cost = summary.Figure(FigureNames.CoreSecondsPerMillion)
               where freshness is { Value: > 0 } && cost is { Value: > 0 }
               select new ScatterPoint(
                   summary.Lane,
                   new Mark(
                       new CurvePoint(freshness.Value.Value, cost.Value.Value),
                       $"{Findings.NameOf(summary)}: p99 {Spread.Seconds(freshness)}, {Spread.Of(cost, Figures.Digits)} core-seconds per million records",
                       Middle(experiment, summary)),
                   summary.OnFront == true),
        ],
        Note = "Down and to the left is better. Each point is the mean of its repetitions and links to the run in their middle; the table below has all of them, with their spread.",
    }.Render();

    /// <summary>The anchor of the run whose p99 lies in the middle of a point's; of the point where its runs are not in the report.</summary>
    private static string Middle(ExperimentReport experiment, PointSummary summary)
    {
        ExperimentRun[] runs = [.. experiment.Runs.Where(run => summary.Runs.Contains(run.Id)).OrderBy(run => run.FreshnessSeconds?.P99 ?? double.MaxValue)];
        return runs.Length == 0 ? Anchors.Point(experiment.Kind, summary.Lane, summary.Point) : Anchors.Run(runs[(runs.Length - 1) / 2].Id);
    }

    private static string Table(ExperimentReport experiment)
    {
        var table = new HtmlTable().Words("setting").Figure("freshness p50", Definitions.Freshness).Figure("p99", Definitions.Percentile)
            .Figure("core-s per million", Definitions.CoreSeconds).Figure("Solr requests", Definitions.Requests).Figure("commits", Definitions.Commits).Words("on the front", Definitions.Front).Words("index", Definitions.Index);
        foreach (var summary in experiment.Summaries.OrderBy(summary => summary.Figure(FigureNames.FreshnessP99)?.Value ?? double.MaxValue))
        {
            table.Anchored(
                Anchors.Point(experiment.Kind, summary.Lane, summary.Point),
                Findings.Name(summary),
                Html.Seconds(summary.Figure(FigureNames.FreshnessP50)),
                Html.Seconds(summary.Figure(FigureNames.FreshnessP99)),
                Html.Number(summary.Figure(FigureNames.CoreSecondsPerMillion)),
                Html.Count(summary.Figure(FigureNames.SolrRequests)),
                Html.Count(summary.Figure(FigureNames.SolrCommits)),
                summary.OnFront switch { true => "<b>yes</b>", false => "no", null => Figures.NotMeasured },
                Findings.Verdict(summary));
        }

        return table.Render();
    }
}
