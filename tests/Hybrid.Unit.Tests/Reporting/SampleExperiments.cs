using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Unit.Tests.Reporting;

/// <summary>One experiment of each kind, with everything that one can hold.</summary>
internal static class SampleExperiments
{
    public static IReadOnlyList<ExperimentReport> Of(IReadOnlyList<LaneReport> lanes) => [.. ExperimentKinds.All.Select(kind => Experiment(kind, lanes))];

    private static ExperimentReport Experiment(string kind, IReadOnlyList<LaneReport> lanes)
    {
        ExperimentRun[] runs = [.. lanes.SelectMany(lane => Enumerable.Range(1, 3).Select(repetition => Run(kind, lane, repetition)))];
        return new ExperimentReport
        {
            Kind = kind,
            Settings = new Dictionary<string, string> { ["repeat"] = "3", ["seed"] = "1" },
            Runs = runs,
            Summaries = [.. lanes.Select(lane => Summary(kind, lane, runs))],
            Searches = kind == ExperimentKinds.Load
                ? [new RateSearch { Lane = lanes[0].Name, Repetition = 1, SustainedRecordsPerSecond = 4000, RefusedRecordsPerSecond = 4500, Runs = [runs[0].Id] }]
                : [],
            FreshnessTargetSeconds = kind == ExperimentKinds.Cost ? 2 : null,
            Findings = ["streaming was fresher"],
            Refusals = ["p99 of 12 samples is not told apart from the maximum"],
        };
    }

    private static ExperimentRun Run(string kind, LaneReport lane, int repetition) => new()
    {
        Id = $"{kind}/{lane.Name}/interval=1s/{repetition}",
        Lane = lane.Name,
        Point = "interval=1s",
        Repetition = repetition,
        Settings = new Dictionary<string, string> { ["interval"] = "1s" },
        StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        DurationSeconds = 12.5,
        Discarded = repetition == 3 ? "the hypervisor took 12 % of the processor time" : null,
        FreshnessSeconds = lane.FreshnessSeconds,
        Stages = lane.Stages,
        FreshnessCurve = lane.FreshnessCurve,
        Staleness = [new(0, 0), new(0.5, 0.5), new(0.6, 0)],
        OfferedRecordsPerSecond = 500,
        Throughput = lane.Throughput,
        LagGrowthShare = -0.002,
        Sustained = kind == ExperimentKinds.Load ? true : null,
        Cost = lane.Cost with { SolrCommits = 4, StackCoreSeconds = 1.5 },
        Rest = kind == ExperimentKinds.Cost ? new RestCost { Seconds = 5, Cost = new Cost { CoreSeconds = 0.02 } } : null,
        Restarts = [lane.Restarts[0] with { Policy = "latest", OutageSeconds = 5, DetectionSeconds = 0.01, BacklogRecords = 40, Skipped = 12, Lost = 3, Duplicated = 0, Converged = false }],
        Fault = kind == ExperimentKinds.Faults
            ? new FaultReport
            {
                Name = "solr-stalled", Description = "Solr answers nothing for 5 s", FromSeconds = 3, ToSeconds = 8, Hits = 3, PeakStalenessSeconds = 5.2, CatchUpSeconds = 0.8,
                OutOfOrder = 0, Regressions = 0,
            }
            : null,
        Truth = lane.Truth,
        Accounting = lane.Accounting,
        Noise = new NoiseReport
        {
            GeneratorLatenessP99Seconds = 0.002, GeneratorLatenessMaxSeconds = 0.01, ObserverLatenessP99Seconds = 0.003, StealShare = 0, OtherLoadShare = 0.02, MeasuringShare = 0.01,
        },
        Errors = lane.Errors,
    };

    private static PointSummary Summary(string kind, LaneReport lane, IReadOnlyList<ExperimentRun> runs) => new()
    {
        Lane = lane.Name,
        Point = "interval=1s",
        Settings = new Dictionary<string, string> { ["interval"] = "1s" },
        Runs = [.. runs.Where(run => run.Lane == lane.Name && run.Discarded is null).Select(run => run.Id)],
        Discarded = 1,
        FreshnessSeconds = lane.FreshnessSeconds,
        Stages = lane.Stages,
        Figures = new Dictionary<string, Estimate>
        {
            [FigureNames.FreshnessP99] = new() { Mean = 1, Median = 1, Min = 0.9, Max = 1.1, Low = 0.8, High = 1.2, Runs = 2 },
            [FigureNames.CoreSecondsPerMillion] = new() { Mean = 40, Median = 40, Min = 40, Max = 40, Runs = 1 },
        },
        OnFront = kind == ExperimentKinds.Frontier ? true : null,
        MetTarget = kind == ExperimentKinds.Cost ? false : null,
        Converged = true,
        Inconclusive = "two runs count, and three are needed",
    };
}
