using System.Globalization;
using System.Text;
using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Reporting;

/// <summary>Renders a report for a pull request.</summary>
internal static class MarkdownReport
{
    public static string Render(ComparisonReport report) => Render(report, ReportOptions.Standard());

    public static string Render(ComparisonReport report, ReportOptions options)
    {
        var text = new StringBuilder();
        text.AppendLine("# Hybrid comparison").AppendLine();
        if (report.Decision is { } decision)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"**{decision.Summary}**").AppendLine();
            List(text, decision.Reasons);
        }

        foreach (var warning in report.Run.Warnings)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"> Warning: {warning}").AppendLine();
        }

        MarkdownChanges.Write(text, options.Changes);
        Lanes(text, report);
        MarkdownExperiments.Write(text, report);
        Restarts(text, report);
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"Input: {report.Input.Source}, {Figures.Count(report.Input.Partitions)} partitions ({report.Input.FirstPartition} to {report.Input.LastPartition}), {Figures.Count(report.Input.Lines)} lines, {Figures.Count(report.Input.Records)} records, {Figures.Count(report.Input.DeadLetters)} dead letters.");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"Run: {report.Run.StartedAt:u}, pace {Figures.Seconds(report.Run.PaceSeconds)}, {report.Run.Machine.Cores} cores, {string.Join(", ", report.Run.Settings.Select(pair => $"{pair.Key} {pair.Value}"))}; `{report.Run.Command}`");
        return text.ToString();
    }

    private static void Lanes(StringBuilder text, ComparisonReport report)
    {
        text.AppendLine("| lane | freshness p50 | p95 | p99 | max | core-s / M records | peak memory | Solr requests | index |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|---|");
        foreach (var lane in LaneRow.Of(report))
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {lane.Name} | {Spread.Seconds(lane.P50)} | {Spread.Seconds(lane.P95)} | {Spread.Seconds(lane.P99)} | {Figures.Seconds(lane.Max)} | {Spread.Of(lane.CoreSecondsPerMillion, Figures.Digits)} | {Spread.Of(lane.PeakMemory, value => Figures.Bytes((long)value))} | {Spread.Of(lane.SolrRequests, value => Figures.Count((long)value))} | {lane.Index} |");
        }

        text.AppendLine();
        foreach (var lane in report.Lanes)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {lane.Name}: {Verdict.Accounting(lane.Accounting)}");
            foreach (var error in lane.Errors)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  - error: {error}");
            }
        }

        text.AppendLine();
    }

    private static void Restarts(StringBuilder text, ComparisonReport report)
    {
        if (report.Lanes.All(lane => lane.Restarts.Count == 0))
        {
            return;
        }

        text.AppendLine("| lane | restart | downtime | catch-up | peak staleness | replayed |");
        text.AppendLine("|---|---|---:|---:|---:|---:|");
        foreach (var lane in report.Lanes)
        {
            foreach (var restart in lane.Restarts)
            {
                text.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"| {lane.Name} | {restart.Kind} {restart.Target} at {Figures.Seconds(restart.AtSeconds)} | {Figures.Seconds(restart.DowntimeSeconds)} | {Figures.Seconds(restart.CatchUpSeconds)} | {Figures.Seconds(restart.PeakStalenessSeconds)} | {Figures.Count(restart.Replayed)} |");
            }
        }

        text.AppendLine();
    }

    private static void List(StringBuilder text, IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {line}");
        }

        text.AppendLine();
    }
}
