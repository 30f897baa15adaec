using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Experiments.Summaries;

/// <summary>The figures of one run that repetitions are compared by.</summary>
internal static class RunFigures
{
    private const double SecondsPerHour = 3600;

    /// <summary>Every figure with how a run shows it; null where it was not measured.</summary>
    public static IReadOnlyList<(string Name, Func<ExperimentRun, double?> Of)> All { get; } =
    [
        (FigureNames.FreshnessP50, run => run.FreshnessSeconds?.P50),
        (FigureNames.FreshnessP95, run => run.FreshnessSeconds?.P95),
        (FigureNames.FreshnessP99, run => run.FreshnessSeconds?.P99),
        (FigureNames.Throughput, run => run.Throughput.RecordsPerSecond),
        (FigureNames.LagGrowth, run => run.LagGrowthShare),
        (FigureNames.CoreSeconds, run => run.Cost.CoreSeconds),
        (FigureNames.CoreSecondsPerMillion, run => run.Cost.CoreSecondsPerMillionRecords),
        (FigureNames.PublisherCoreSeconds, run => run.Cost.PublisherCoreSeconds),
        (FigureNames.StackCoreSeconds, run => run.Cost.StackCoreSeconds),
        (FigureNames.PeakMemory, run => run.Cost.PeakMemoryBytes),
        (FigureNames.KafkaRequests, run => run.Cost.KafkaRequests),
        (FigureNames.KafkaBytes, run => run.Cost.KafkaBytesReceived),
        (FigureNames.ObjectStoreRequests, run => run.Cost.ObjectStoreRequests),
        (FigureNames.SolrRequests, run => run.Cost.SolrRequests),
        (FigureNames.SolrDocuments, run => run.Cost.SolrDocuments),
        (FigureNames.SolrBytes, run => run.Cost.SolrBytesSent),
        (FigureNames.SolrCommits, run => run.Cost.SolrCommits),
        (FigureNames.OffsetCommits, run => run.Cost.OffsetCommits),
        (FigureNames.RestCoreSecondsPerHour, run => PerHour(run.Rest, run.Rest?.Cost.CoreSeconds)),
        (FigureNames.RestPublisherCoreSecondsPerHour, run => PerHour(run.Rest, run.Rest?.Cost.PublisherCoreSeconds)),
        (FigureNames.RestRequestsPerHour, run => PerHour(run.Rest, Requests(run.Rest))),
        (FigureNames.RestMemory, run => run.Rest?.Cost.PeakMemoryBytes),
        (FigureNames.Detection, run => Restart(run)?.DetectionSeconds),
        (FigureNames.Downtime, run => Restart(run)?.DowntimeSeconds),
        (FigureNames.CatchUp, run => Restart(run)?.CatchUpSeconds ?? run.Fault?.CatchUpSeconds),
        (FigureNames.PeakStaleness, run => Restart(run)?.PeakStalenessSeconds ?? run.Fault?.PeakStalenessSeconds),
        (FigureNames.Replayed, run => Restart(run)?.Replayed),
        (FigureNames.Skipped, run => Restart(run)?.Skipped),
        (FigureNames.Lost, run => Restart(run) is null && run.Fault is null ? null : run.Truth.Missing + run.Truth.Stale),
        (FigureNames.Duplicated, run => Restart(run)?.Duplicated),
        (FigureNames.OutOfOrder, run => run.Fault?.OutOfOrder),
    ];

    private static Contracts.Reports.RestartReport? Restart(ExperimentRun run) => run.Restarts.Count > 0 ? run.Restarts[0] : null;

    private static double? PerHour(RestCost? rest, double? figure) => rest is { Seconds: > 0 } ? figure / rest.Seconds * SecondsPerHour : null;

    private static double? Requests(RestCost? rest)
    {
        if (rest is null)
        {
            return null;
        }

        long?[] requests = [rest.Cost.KafkaRequests, rest.Cost.ObjectStoreRequests, rest.Cost.SolrRequests];
        return requests.All(count => count is null) ? null : requests.Sum();
    }
}
