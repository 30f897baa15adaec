using Hybrid.Comparison.Evidence;
using Hybrid.Comparison.Reporting.Charts;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Reporting.Html;

/// <summary>What faults of the services around a lane did.</summary>
internal static class FaultSection
{
    public static string Render(ComparisonReport report)
    {
        if (Findings.Of(report, ExperimentKinds.Faults) is not { } experiment)
        {
            return "";
        }

        return Findings.Render(experiment)
            + Timelines.Render(
                experiment,
                run => run.Fault is { } fault ? fault.FromSeconds ?? 0 : null,
                run => run.Fault is { FromSeconds: { } from, ToSeconds: { } to } ? new Band(0, to - from, "fault") : null)
            + Table(experiment);
    }

    private static string Table(ExperimentReport experiment)
    {
        var table = new HtmlTable().Words("fault").Words("what happened").Figure("freshness p99", Definitions.Freshness).Figure("peak staleness", Definitions.Staleness)
            .Figure("catch-up", Definitions.CatchUp).Figure("out of order", Definitions.Order).Words("index", Definitions.Index);
        foreach (var summary in experiment.Summaries)
        {
            var description = experiment.Runs.FirstOrDefault(run => summary.Runs.Contains(run.Id))?.Fault?.Description ?? "";
            table.Anchored(
                Anchors.Point(experiment.Kind, summary.Lane, summary.Point),
                Findings.Name(summary),
                Html.Text(description),
                Html.Seconds(summary.Figure(FigureNames.FreshnessP99)),
                Html.Seconds(summary.Figure(FigureNames.PeakStaleness)),
                Html.Seconds(summary.Figure(FigureNames.CatchUp)),
                Html.Count(summary.Figure(FigureNames.OutOfOrder)),
                Findings.Verdict(summary));
        }

        return table.Render();
    }
}
