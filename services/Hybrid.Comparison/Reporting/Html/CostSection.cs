using Hybrid.Comparison.Evidence;
using Hybrid.Comparison.Reporting.Charts;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Reporting.Html;

/// <summary>What lanes used: at an equal freshness target and at rest where that was measured.</summary>
internal static class CostSection
{
    public static string Render(ComparisonReport report) => Findings.Of(report, ExperimentKinds.Cost) is { } experiment
        ? Findings.Render(experiment) + EqualTarget(experiment) + AtRest(experiment) + Quantities(report)
        : report.Lanes.Count == 0 ? ""
        : Chart([.. report.Lanes.Select(lane => (lane.Name, lane.Cost.CoreSecondsPerMillionRecords))]) + Quantities(report);

    private static string EqualTarget(ExperimentReport experiment)
    {
        var table = new HtmlTable().Words("lane").Figure("freshness p99", Definitions.Freshness).Words("met the target").Figure("core-s per million", Definitions.CoreSeconds)
            .Figure("publisher core-s", Definitions.CoreSeconds).Figure("peak memory", Definitions.Memory).Figure("Solr requests", Definitions.Requests).Figure("commits", Definitions.Commits).Words("index", Definitions.Index);
        foreach (var summary in experiment.Summaries.Where(summary => summary.Figures.ContainsKey(FigureNames.CoreSecondsPerMillion)))
        {
            table.Anchored(
                Anchors.Point(experiment.Kind, summary.Lane, summary.Point),
                Findings.Name(summary),
                Html.Seconds(summary.Figure(FigureNames.FreshnessP99)),
                summary.MetTarget is { } met ? Html.Good(met, met ? "yes" : "no") : Figures.NotMeasured,
                Html.Number(summary.Figure(FigureNames.CoreSecondsPerMillion)),
                Html.Number(summary.Figure(FigureNames.PublisherCoreSeconds)),
                Html.Bytes(summary.Figure(FigureNames.PeakMemory)),
                Html.Count(summary.Figure(FigureNames.SolrRequests)),
                Html.Count(summary.Figure(FigureNames.SolrCommits)),
                Findings.Verdict(summary));
        }

        var target = experiment.FreshnessTargetSeconds is { } seconds ? $"Lanes held to an equal freshness: p99 within {Figures.Seconds(seconds)}." : "";
        return (target.Length == 0 ? "" : Html.Note(target))
            + Chart([.. experiment.Summaries.Where(summary => summary.Figures.ContainsKey(FigureNames.CoreSecondsPerMillion)).Select(summary => (Findings.NameOf(summary), summary.Figure(FigureNames.CoreSecondsPerMillion)?.Value))])
            + table.Render();
    }

    private static string AtRest(ExperimentReport experiment)
    {
        var table = new HtmlTable().Words("at rest, per hour", Definitions.Rest).Figure("lane, core-s", Definitions.CoreSeconds).Figure("publisher, core-s", Definitions.CoreSeconds).Figure("requests", Definitions.Requests).Figure("memory", Definitions.Memory);
        foreach (var summary in experiment.Summaries.Where(summary => summary.Figures.ContainsKey(FigureNames.RestCoreSecondsPerHour)))
        {
            table.Row(
                Html.Text(Findings.NameOf(summary)),
                Html.Number(summary.Figure(FigureNames.RestCoreSecondsPerHour)),
                Html.Number(summary.Figure(FigureNames.RestPublisherCoreSecondsPerHour)),
                Html.Count(summary.Figure(FigureNames.RestRequestsPerHour)),
                Html.Bytes(summary.Figure(FigureNames.RestMemory)));
        }

        return table.Render();
    }

    private static string Chart(IReadOnlyList<(string Name, double? Value)> lanes) => new BarChart
    {
        Title = "The lane's core-seconds per million records",
        Axis = new Axis("core-seconds per million records", Figures.Tick),
        Bars = [.. lanes.Select(lane => new Bar(lane.Name, lane.Value is { } value ? [value] : [], Figures.CoreSeconds(lane.Value)))],
    }.Render();

    private static string Quantities(ComparisonReport report)
    {
        var table = new HtmlTable().Words("one run of each lane");
        foreach (var lane in report.Lanes)
        {
            table.Figure(lane.Name);
        }

        Row("lane, core-seconds", Definitions.CoreSeconds, lane => Figures.CoreSeconds(lane.Cost.CoreSeconds));
        Row("publisher, core-seconds", Definitions.CoreSeconds, lane => Figures.CoreSeconds(lane.Cost.PublisherCoreSeconds));
        Row("sandbox, core-seconds", Definitions.CoreSeconds, lane => Figures.CoreSeconds(lane.Cost.StackCoreSeconds));
        Row("lane, peak memory", Definitions.Memory, lane => Figures.Bytes(lane.Cost.PeakMemoryBytes));
        Row("publisher, peak memory", Definitions.Memory, lane => Figures.Bytes(lane.Cost.PublisherPeakMemoryBytes));
        Row("records", Definitions.Throughput, lane => Figures.Count(lane.Throughput.Records));
        Row("records per second", Definitions.Throughput, lane => Figures.Rate(lane.Throughput.RecordsPerSecond));
        Row("Kafka requests", Definitions.Requests, lane => Figures.Count(lane.Cost.KafkaRequests));
        Row("bytes from Kafka", Definitions.Requests, lane => Figures.Bytes(lane.Cost.KafkaBytesReceived));
        Row("object store requests", Definitions.Requests, lane => Figures.Count(lane.Cost.ObjectStoreRequests));
        Row("Solr update requests", Definitions.Requests, lane => Figures.Count(lane.Cost.SolrRequests));
        Row("documents sent to Solr", Definitions.Requests, lane => Figures.Count(lane.Cost.SolrDocuments));
        Row("bytes to Solr", Definitions.Requests, lane => Figures.Bytes(lane.Cost.SolrBytesSent));
        Row("Solr commits", Definitions.Commits, lane => Figures.Count(lane.Cost.SolrCommits));
        Row("offset commits", Definitions.Requests, lane => Figures.Count(lane.Cost.OffsetCommits));
        return table.Render();

        void Row(string name, string term, Func<LaneReport, string> figure) => table.Row([Html.Link(Anchors.Definition(term), name), .. report.Lanes.Select(lane => Html.Text(figure(lane)))]);
    }
}
