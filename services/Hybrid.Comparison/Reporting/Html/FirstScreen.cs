using System.Text;
using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Reporting.Html;

/// <summary>The verdict, what makes it doubtful, and the lanes side by side.</summary>
internal static class FirstScreen
{
    private const int ReasonsShown = 5;
    private const int WarningsShown = 2;

    public static string Render(ComparisonReport report)
    {
        var screen = new StringBuilder("<header><h1>Hybrid comparison</h1>");
        screen.Append(Html.Invariant($"<p class=\"about\">{report.Run.StartedAt:yyyy-MM-dd HH:mm} UTC · {Figures.Count(report.Input.Records)} records in {Figures.Count(report.Input.Partitions)} partitions · {report.Run.Machine.Cores} cores</p>"));
        screen.Append(Html.Invariant($"<p class=\"verdict\">{Html.Text(report.Decision?.Summary ?? "Measured, and no conclusion drawn.")}</p></header>"));
        screen.Append(Lanes(report));
        foreach (var (lane, error) in report.Lanes.SelectMany(lane => lane.Errors.Select(error => (lane.Name, error))))
        {
            screen.Append(Html.Invariant($"<p class=\"bad\">{Html.Text(lane)}: {Html.Text(error)}</p>"));
        }

        if (report.Decision is { Reasons.Count: > 0 } decision)
        {
            screen.Append(Html.List(decision.Reasons.Take(ReasonsShown)));
            screen.Append(More(decision.Reasons.Skip(ReasonsShown), "reasons"));
        }

        screen.Append(string.Concat(report.Run.Warnings.Take(WarningsShown).Select(warning => $"<p class=\"warn\">Warning: {Html.Text(warning)}</p>")));
        return screen.Append(More(report.Run.Warnings.Skip(WarningsShown), "warnings")).ToString();
    }

    private static string Lanes(ComparisonReport report)
    {
        var table = new HtmlTable().Words("lane")
            .Figure("freshness p50", Definitions.Freshness).Figure("p95", Definitions.Percentile).Figure("p99", Definitions.Percentile).Figure("max", Definitions.Freshness).Figure("samples", Definitions.Percentile)
            .Figure("core-s per million", Definitions.CoreSeconds).Figure("peak memory", Definitions.Memory).Words("index", Definitions.Index);
        foreach (var lane in LaneRow.Of(report))
        {
            table.Anchored(
                Anchors.Lane(lane.Name),
                $"<b>{Html.Text(lane.Name)}</b>",
                Html.Seconds(lane.P50),
                Html.Seconds(lane.P95),
                Html.Seconds(lane.P99),
                Html.Text(Figures.Seconds(lane.Max)),
                Html.Text(Figures.Count(lane.Samples)),
                Html.Number(lane.CoreSecondsPerMillion),
                Html.Bytes(lane.PeakMemory),
                Html.Good(lane.Sound, lane.Index));
        }

        return table.Render();
    }

    private static string More(IEnumerable<string> lines, string name)
    {
        var all = lines.ToArray();
        return all.Length == 0 ? "" : $"<details><summary>{all.Length} more {name}</summary>{Html.List(all)}</details>";
    }
}
