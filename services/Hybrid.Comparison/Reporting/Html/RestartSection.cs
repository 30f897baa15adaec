using Hybrid.Comparison.Evidence;
using Hybrid.Comparison.Reporting.Charts;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Reporting.Html;

/// <summary>What stops, kills and outages did.</summary>
internal static class RestartSection
{
    public static string Render(ComparisonReport report)
    {
        if (Findings.Of(report, ExperimentKinds.Restart) is { } experiment)
        {
            return Findings.Render(experiment)
                + Timelines.Render(
                    experiment,
                    run => run.Restarts.Count > 0 ? run.Restarts[0].AtSeconds : null,
                    run => run.Restarts.Count > 0 && run.Restarts[0].DowntimeSeconds is { } down ? new Band(0, down, "down") : null)
                + Table(experiment);
        }

        return report.Lanes.All(lane => lane.Restarts.Count == 0) ? "" : Table(report.Lanes);
    }

    private static string Table(ExperimentReport experiment)
    {
        var table = new HtmlTable().Words("restart").Figure("detection", Definitions.Detection).Figure("downtime", Definitions.Downtime).Figure("catch-up", Definitions.CatchUp).Figure("peak staleness", Definitions.Staleness)
            .Figure("replayed", Definitions.Replayed).Figure("skipped", Definitions.Skipped).Figure("lost", Definitions.Lost).Words("index", Definitions.Index);
        foreach (var summary in experiment.Summaries)
        {
            table.Anchored(
                Anchors.Point(experiment.Kind, summary.Lane, summary.Point),
                Findings.Name(summary),
                Html.Seconds(summary.Figure(FigureNames.Detection)),
                Html.Seconds(summary.Figure(FigureNames.Downtime)),
                Html.Seconds(summary.Figure(FigureNames.CatchUp)),
                Html.Seconds(summary.Figure(FigureNames.PeakStaleness)),
                Html.Count(summary.Figure(FigureNames.Replayed)),
                Html.Count(summary.Figure(FigureNames.Skipped)),
                Html.Count(summary.Figure(FigureNames.Lost)),
                Findings.Verdict(summary));
        }

        return table.Render();
    }

    private static string Table(IReadOnlyList<LaneReport> lanes)
    {
        var table = new HtmlTable().Words("lane").Words("what").Figure("at").Figure("downtime", Definitions.Downtime).Figure("catch-up", Definitions.CatchUp)
            .Figure("peak staleness", Definitions.Staleness).Figure("replayed", Definitions.Replayed);
        foreach (var (lane, restart) in lanes.SelectMany(lane => lane.Restarts.Select(restart => (lane, restart))))
        {
            table.Row(
                Html.Text(lane.Name),
                Html.Text($"{restart.Kind} {restart.Target}"),
                Html.Text(Figures.Seconds(restart.AtSeconds)),
                Html.Text(Figures.Seconds(restart.DowntimeSeconds)),
                Html.Text(Figures.Seconds(restart.CatchUpSeconds)),
                Html.Text(Figures.Seconds(restart.PeakStalenessSeconds)),
                Html.Text(Figures.Count(restart.Replayed)));
        }

        return table.Render();
    }
}
