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
        table.AddColumn("lane");
        foreach (var column in (string[])["fresh p50", "p95", "p99", "max", "core-s/M", "memory", "Solr req."])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        table.AddColumn("truth");
        foreach (var lane in report.Lanes)
        {
            var freshness = lane.FreshnessSeconds;
            table.AddRow(
                new Text(lane.Name),
                new Text(Figures.Seconds(freshness?.P50)),
                new Text(Figures.Seconds(freshness?.P95)),
                new Text(Figures.Seconds(freshness?.P99)),
                new Text(Figures.Seconds(freshness?.Max)),
                new Text(Figures.CoreSeconds(lane.Cost.CoreSecondsPerMillionRecords)),
                new Text(Figures.Bytes(lane.Cost.PeakMemoryBytes)),
                new Text(Figures.Count(lane.Cost.SolrRequests)),
                new Text(Verdict.Truth(lane), lane.Truth.Converged ? Color.Green : Color.Red));
        }

        console.Write(table);
        foreach (var lane in report.Lanes)
        {
            console.WriteLine($"{lane.Name}: {Verdict.Accounting(lane)}");
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
