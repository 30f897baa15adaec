using System.Text;
using Hybrid.Comparison.Experiments.Summaries;
using Hybrid.Comparison.Reporting.Charts;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Reporting.Html;

/// <summary>Draws staleness through restarts and faults: a chart for each kind, all lanes in it, the moment it happened at 0.</summary>
internal static class Timelines
{
    private const double SecondsBefore = 3;

    public static string Render(ExperimentReport experiment, Func<ExperimentRun, double?> moment, Func<ExperimentRun, Band?> band)
    {
        var charts = new StringBuilder("<div class=\"pair\">");
        var drawn = experiment.Runs.Where(run => run.Discarded is null && run.Staleness.Count > 0 && moment(run) is not null);
        foreach (var point in drawn.GroupBy(run => run.Point).OrderBy(point => point.Key, PointOrder.Instance))
        {
            var firsts = point.GroupBy(run => run.Lane).Select(lane => lane.First()).ToArray();
            charts.Append(new LineChart
            {
                Title = point.Key.Length == 0 ? "Staleness" : $"Staleness through {Findings.Spaced(point.Key)}",
                X = new Axis("seconds since it happened", Figures.Tick),
                Y = new Axis("staleness", value => Figures.Axis(value)),
                Bands = [.. firsts.Select(band).OfType<Band>().Take(1)],
                Series = [.. firsts.Select(run => new Series(run.Lane, Shifted(run, moment(run)!.Value)))],
            }.Render());
        }

        return charts.Append("</div>").ToString();
    }

    private static CurvePoint[] Shifted(ExperimentRun run, double moment) =>
    [
        .. run.Staleness.Select(point => new CurvePoint(point.X - moment, point.Y)).Where(point => point.X >= -SecondsBefore),
    ];
}
