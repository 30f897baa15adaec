using Hybrid.Comparison.Evidence;
using Hybrid.Contracts.Reports;
using Spectre.Console;

namespace Hybrid.Comparison.Reporting;

/// <summary>Prints a report's table on the terminal.</summary>
public static class TerminalReport
{
    /// <summary>Prints the table, the accounting, and the verdict.</summary>
    /// <param name="report">The report.</param>
    /// <param name="console">Where.</param>
    public static void Write(ComparisonReport report, IAnsiConsole console)
    {
        ArgumentNullException.ThrowIfNull(report);
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn(new TableColumn("lane").NoWrap());
        foreach (var column in (string[])["p50", "p95", "p99", "core-s/M", "memory", "Solr"])
        {
            table.AddColumn(new TableColumn(column).RightAligned().NoWrap());
        }

        table.AddColumn(new TableColumn("index").NoWrap());
        var rows = LaneRow.Of(report);
        var repeated = rows.Any(lane => lane.P99 is { Repetitions: > 1 });
        foreach (var lane in rows)
        {
            table.AddRow(
                new Text(lane.Name),
                Cell(lane.P50, value => Figures.Seconds(value), repeated),
                Cell(lane.P95, value => Figures.Seconds(value), repeated),
                Cell(lane.P99, value => Figures.Seconds(value), repeated),
                Cell(lane.CoreSecondsPerMillion, Figures.Digits, repeated),
                Cell(lane.PeakMemory, value => Figures.Bytes((long)value), repeated),
                Cell(lane.SolrRequests, value => Figures.Count((long)Math.Round(value)), repeated),
                new Text(lane.Sound ? "right" : "WRONG", lane.Sound ? Color.Green : Color.Red));
        }

        console.WriteLine();
        console.WriteLine("Freshness in percentiles, core-seconds per million records, peak memory and update requests of each lane"
            + (repeated ? ", the mean of its runs and below it the 95 % interval:" : ":"));
        console.Write(table);
        foreach (var lane in report.Lanes)
        {
            console.WriteLine($"{lane.Name}: {Verdict.Truth(lane.Truth)}; {Verdict.Accounting(lane.Accounting)}");
            foreach (var restart in lane.Restarts)
            {
                console.WriteLine(
                    $"{lane.Name}: {restart.Kind} of {restart.Target} at {Figures.Seconds(restart.AtSeconds)}: down {Figures.Seconds(restart.DowntimeSeconds)}, caught up after {Figures.Seconds(restart.CatchUpSeconds)}, peak staleness {Figures.Seconds(restart.PeakStalenessSeconds)}");
            }

            foreach (var error in lane.Errors)
            {
                console.MarkupLineInterpolated($"[red]{lane.Name}: {error}[/]");
            }
        }

        foreach (var warning in report.Run.Warnings)
        {
            console.MarkupLineInterpolated($"[yellow]warning: {warning}[/]");
        }

        if (report.Decision is { } decision)
        {
            console.WriteLine(decision.Summary);
        }
    }

    private static Text Cell(Measured? figure, Func<double, string> format, bool spread) => new(
        figure is not { } known ? Figures.NotMeasured : spread ? $"{format(known.Value)}\n{Spread.Beneath(known, format)}" : format(known.Value));
}
