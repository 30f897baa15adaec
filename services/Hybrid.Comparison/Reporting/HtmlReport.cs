using System.Globalization;
using System.Net;
using System.Text;
using Hybrid.Comparison.Reporting.Charts;
using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Reporting;

/// <summary>Renders a report as one self-contained page that needs no script.</summary>
internal static class HtmlReport
{
    private static readonly (string Stage, string Meaning)[] Stages =
    [
        ("landed", "the object is in the store"),
        ("discovered", "the publisher has found it"),
        ("published", "its records are in Kafka"),
        ("consumed", "the lane has them"),
        ("posted", "the lane has sent them to Solr"),
        ("acknowledged", "Solr has acknowledged them"),
        ("searchable", "a search from outside finds them"),
    ];

    public static string Render(ComparisonReport report)
    {
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><link rel=\"icon\" href=\"data:,\">");
        page.Append("<title>Hybrid comparison</title><style>").Append(HtmlStyle.Sheet).Append("</style></head><body>\n");
        First(page, report);
        Freshness(page, report);
        Cost(page, report);
        Lag(page, report);
        Restarts(page, report);
        Truth(page, report);
        About(page, report);
        return page.Append("</body></html>\n").ToString();
    }

    private static void First(StringBuilder page, ComparisonReport report)
    {
        page.Append("<h1>Hybrid comparison</h1>");
        page.Append(Line($"<p class=\"verdict\">{Text(report.Decision?.Summary ?? "Measured, and no conclusion drawn.")}</p>"));
        if (report.Decision is { Reasons.Count: > 0 } decision)
        {
            page.Append("<ul>").AppendJoin("", decision.Reasons.Select(reason => $"<li>{Text(reason)}</li>")).Append("</ul>");
        }

        foreach (var warning in report.Run.Warnings)
        {
            page.Append(Line($"<p class=\"warn\">Warning: {Text(warning)}</p>"));
        }

        foreach (var (lane, error) in report.Lanes.SelectMany(lane => lane.Errors.Select(error => (lane.Name, error))))
        {
            page.Append(Line($"<p class=\"bad\">{Text(lane)}: {Text(error)}</p>"));
        }

        page.Append("<div class=\"scroll\"><table><thead><tr><th>lane</th><th>freshness p50</th><th>p95</th><th>p99</th><th>max</th><th>samples</th><th>core-s per<br>million records</th><th>peak<br>memory</th><th class=\"words\">index</th></tr></thead><tbody>");
        foreach (var lane in report.Lanes)
        {
            var freshness = lane.FreshnessSeconds;
            page.Append(Line($"<tr><td>{Text(lane.Name)}</td>{Cells(Figures.Seconds(freshness?.P50), Figures.Seconds(freshness?.P95), Figures.Seconds(freshness?.P99), Figures.Seconds(freshness?.Max), Figures.Count(freshness?.Samples), Figures.CoreSeconds(lane.Cost.CoreSecondsPerMillionRecords), Figures.Bytes(lane.Cost.PeakMemoryBytes))}<td class=\"words {(lane.Truth.Converged ? "good" : "bad")}\">{Text(Verdict.Truth(lane.Truth))}</td></tr>"));
        }

        page.Append("</tbody></table></div>\n");
    }

    private static void Freshness(StringBuilder page, ComparisonReport report)
    {
        page.Append("<h2 id=\"freshness\">Freshness</h2><p class=\"note\">From the time a partition was due to close until a search from outside finds its record. The schedule is the start, not the arrival, so a late generator flatters nobody.</p>");
        page.Append(new LineChart
        {
            Title = "Share of records searchable within a time, by lane",
            XLabel = "seconds after the partition was due (logarithmic)",
            YLabel = "share of records",
            LogarithmicX = true,
            Steps = true,
            XFormat = value => Figures.Seconds(value),
            YFormat = value => value.ToString("P0", CultureInfo.InvariantCulture),
            Series = [.. report.Lanes.Select(lane => new Series(lane.Name, lane.FreshnessCurve))],
        }.Render());

        page.Append("<div class=\"scroll\"><table><thead><tr><th>stage, p50 / p99</th>").AppendJoin("", report.Lanes.Select(lane => $"<th>{Text(lane.Name)}</th>")).Append("<th class=\"words\">meaning</th></tr></thead><tbody>");
        foreach (var (stage, meaning) in Stages)
        {
            page.Append(Line($"<tr><td>{stage}</td>"));
            foreach (var lane in report.Lanes)
            {
                page.Append(Line($"<td>{(lane.Stages.TryGetValue(stage, out var figures) ? $"{Figures.Seconds(figures.P50)} / {Figures.Seconds(figures.P99)}" : Figures.NotMeasured)}</td>"));
            }

            page.Append(Line($"<td class=\"words\">{meaning}</td></tr>"));
        }

        page.Append("</tbody></table></div>\n");
    }

    private static void Cost(StringBuilder page, ComparisonReport report)
    {
        page.Append("<h2 id=\"cost\">Cost</h2>");
        page.Append(new BarChart
        {
            Title = "The lane's core-seconds per million records",
            Bars = [.. report.Lanes.Select(lane => (lane.Name, lane.Cost.CoreSecondsPerMillionRecords))],
            Format = Figures.Digits,
        }.Render());
        page.Append(new BarChart
        {
            Title = "The lane's update requests to Solr",
            Bars = [.. report.Lanes.Select(lane => (lane.Name, (double?)lane.Cost.SolrRequests))],
            Format = value => Figures.Count((long)value),
        }.Render());
        page.Append("<div class=\"scroll\"><table><thead><tr><th></th>").AppendJoin("", report.Lanes.Select(lane => $"<th>{Text(lane.Name)}</th>")).Append("</tr></thead><tbody>");
        Row("lane, core-seconds", lane => Figures.CoreSeconds(lane.Cost.CoreSeconds));
        Row("publisher, core-seconds", lane => Figures.CoreSeconds(lane.Cost.PublisherCoreSeconds));
        Row("lane, peak memory", lane => Figures.Bytes(lane.Cost.PeakMemoryBytes));
        Row("publisher, peak memory", lane => Figures.Bytes(lane.Cost.PublisherPeakMemoryBytes));
        Row("records", lane => Figures.Count(lane.Throughput.Records));
        Row("records per second", lane => Figures.Rate(lane.Throughput.RecordsPerSecond));
        Row("Kafka requests", lane => Figures.Count(lane.Cost.KafkaRequests));
        Row("bytes from Kafka", lane => Figures.Bytes(lane.Cost.KafkaBytesReceived));
        Row("object store requests", lane => Figures.Count(lane.Cost.ObjectStoreRequests));
        Row("Solr update requests", lane => Figures.Count(lane.Cost.SolrRequests));
        Row("documents sent to Solr", lane => Figures.Count(lane.Cost.SolrDocuments));
        Row("bytes to Solr", lane => Figures.Bytes(lane.Cost.SolrBytesSent));
        Row("offset commits", lane => Figures.Count(lane.Cost.OffsetCommits));
        page.Append("</tbody></table></div>\n");

        void Row(string name, Func<LaneReport, string> figure) =>
            page.Append(Line($"<tr><td>{name}</td>{Cells([.. report.Lanes.Select(figure)])}</tr>"));
    }

    private static void Lag(StringBuilder page, ComparisonReport report)
    {
        page.Append("<h2 id=\"lag\">Lag</h2>");
        page.Append(new LineChart
        {
            Title = "Records in Kafka that the lane had not committed, over the run",
            XLabel = "seconds since the first partition was due",
            YLabel = "records",
            XFormat = Figures.Digits,
            YFormat = value => Figures.Count((long)value),
            Series = [.. report.Lanes.Select(lane => new Series(lane.Name, lane.Throughput.Lag))],
        }.Render());
        page.Append(IntervalChart.Render(report.Lanes));
    }

    private static void Restarts(StringBuilder page, ComparisonReport report)
    {
        if (report.Lanes.All(lane => lane.Restarts.Count == 0))
        {
            return;
        }

        page.Append("<h2 id=\"restarts\">Restarts</h2><div class=\"scroll\"><table><thead><tr><th>lane</th><th class=\"words\">what</th><th>at</th><th>downtime</th><th>catch-up</th><th>peak staleness</th><th>replayed</th></tr></thead><tbody>");
        foreach (var lane in report.Lanes)
        {
            foreach (var restart in lane.Restarts)
            {
                page.Append(Line($"<tr><td>{Text(lane.Name)}</td><td class=\"words\">{Text(restart.Kind)} {Text(restart.Target)}</td>{Cells(Figures.Seconds(restart.AtSeconds), Figures.Seconds(restart.DowntimeSeconds), Figures.Seconds(restart.CatchUpSeconds), Figures.Seconds(restart.PeakStalenessSeconds), Figures.Count(restart.Replayed))}</tr>"));
            }
        }

        page.Append("</tbody></table></div>\n");
    }

    private static void Truth(StringBuilder page, ComparisonReport report)
    {
        page.Append("<h2 id=\"truth\">Truth and accounting</h2><p class=\"note\">The right index is a pure function of the input; every document of each collection was compared with it. Lines read = records + dead letters.</p><dl>");
        foreach (var lane in report.Lanes)
        {
            page.Append(Line($"<dt>{Text(lane.Name)}</dt><dd><span class=\"{(lane.Truth.Converged ? "good" : "bad")}\">{Text(Verdict.Truth(lane.Truth))}</span>; <span class=\"{(lane.Accounting.AddsUp ? "good" : "bad")}\">{Text(Verdict.Accounting(lane.Accounting))}</span>"));
            page.AppendJoin("", lane.Truth.Examples.Select(example => $"<br><code>{Text(example)}</code>")).Append("</dd>");
        }

        page.Append("</dl>\n");
    }

    private static void About(StringBuilder page, ComparisonReport report)
    {
        var (run, input) = (report.Run, report.Input);
        page.Append("<h2 id=\"run\">How it was run</h2><dl>");
        Entry("command", $"<code>{Text(run.Command)}</code>");
        Entry("input", $"{Text(input.Source)}: {Figures.Count(input.Partitions)} partitions, {Text(input.FirstPartition)} to {Text(input.LastPartition)}, {Figures.Count(input.Objects)} objects, {Figures.Count(input.Lines)} lines, {Figures.Count(input.Records)} records, {Figures.Count(input.DeadLetters)} dead letters, {Figures.Count(input.Documents)} documents");
        Entry("when", Text($"{run.StartedAt:yyyy-MM-dd HH:mm:ss} UTC, {Figures.Seconds(run.DurationSeconds)}"));
        Entry("pace", $"a partition due every {Figures.Seconds(run.PaceSeconds)}");
        Entry("stack", Text(string.Join(", ", run.Stack.Select(pair => $"{pair.Key}: {pair.Value}"))));
        Entry("settings", Text(string.Join(", ", run.Settings.Select(pair => $"{pair.Key} {pair.Value}"))));
        Entry("machine", Text($"{run.Machine.Cores} cores, {Figures.Bytes(run.Machine.MemoryBytes)}, {run.Machine.OperatingSystem}, {run.Machine.Runtime}"));
        Entry("version", Text($"Hybrid {run.Version}") + (run.Seed is { } seed ? $", seed {seed}" : ""));
        page.Append("</dl>");
        if (report.Decision is { NotMeasured.Count: > 0 } decision)
        {
            page.Append("<h2 id=\"not-measured\">Not measured</h2><ul>").AppendJoin("", decision.NotMeasured.Select(line => $"<li>{Text(line)}</li>")).Append("</ul>");
        }

        page.Append("<footer><p>A dash is a figure that was not measured. All figures are in report.json beside this page.</p></footer>");

        void Entry(string name, string html) => page.Append(Line($"<dt>{name}</dt><dd>{html}</dd>"));
    }

    private static string Cells(params string[] figures) => string.Concat(figures.Select(figure => $"<td>{Text(figure)}</td>"));

    private static string Line(FormattableString html) => html.ToString(CultureInfo.InvariantCulture);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
