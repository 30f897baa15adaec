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
        foreach (var lane in report.Lanes)
        {
            var freshness = lane.FreshnessSeconds;
            table.AddRow(
                new Text(lane.Name),
                new Text(Figures.Seconds(freshness?.P50)),
                new Text(Figures.Seconds(freshness?.P95)),
                new Text(Figures.Seconds(freshness?.P99)),
                new Text(Figures.CoreSeconds(lane.Cost.CoreSecondsPerMillionRecords)),
                new Text(Figures.Bytes(lane.Cost.PeakMemoryBytes)),
                new Text(Figures.Count(lane.Cost.SolrRequests)),
                new Text(lane.Truth.Converged ? "right" : "WRONG", lane.Truth.Converged ? Color.Green : Color.Red));
        }

        console.WriteLine();
        console.WriteLine("Freshness in percentiles, core-seconds per million records, peak memory and update requests of each lane:");
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
}
