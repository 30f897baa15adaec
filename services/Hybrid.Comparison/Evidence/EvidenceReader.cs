using Hybrid.Comparison.Experiments;
using Hybrid.Comparison.Reporting;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Evidence;

/// <summary>Takes from a report what a decision or a projection rests on.</summary>
internal static class EvidenceReader
{
    private const double SecondsPerHour = 3600;
    private const double Million = 1e6;

    /// <summary>The experiments whose runs nothing disturbs, at the load that was asked about.</summary>
    private static readonly string[] Undisturbed = [ExperimentKinds.Freshness, ExperimentKinds.Frontier, ExperimentKinds.Cost];

    public static MeasuredEvidence Read(ComparisonReport report)
    {
        if (report.Experiments.Count == 0)
        {
            Observation[] observed = [.. report.Lanes.Select(lane => OfLane(report, lane)).OfType<Observation>()];
            return new MeasuredEvidence
            {
                Candidates = observed,
                Observations = observed,
                Restarts = [.. report.Lanes.SelectMany(OfLaneRestarts)],
                Losses = new Dictionary<string, string>(),
                Rates = new Dictionary<string, SustainedRate>(),
                Kinds = [],
            };
        }

        var rest = RestByLane(report);
        Observation[] all =
        [
            .. report.Experiments
                .Where(experiment => experiment.Kind == ExperimentKinds.Load || Undisturbed.Contains(experiment.Kind))
                .SelectMany(experiment => experiment.Summaries.Select(summary => OfSummary(report, experiment, summary, rest)))
                .OfType<Observation>(),
        ];
        return new MeasuredEvidence
        {
            Candidates = [.. all.Where(one => one.Kind != ExperimentKinds.Load).GroupBy(one => (one.Lane, one.Point)).Select(MostRepeated)],
            Observations = all,
            Restarts = [.. report.Experiments.Where(experiment => experiment.Kind == ExperimentKinds.Restart).SelectMany(OfRestarts)],
            Losses = LossesOf(report),
            Rates = RatesOf(report),
            Kinds = [.. report.Experiments.Select(experiment => experiment.Kind).Distinct()],
        };
    }

    /// <summary>Null for a lane whose run with restarts says nothing of the lane undisturbed, or that was not seen at all.</summary>
    private static Observation? OfLane(ComparisonReport report, LaneReport lane)
    {
        if (lane.FreshnessSeconds is null && lane.Cost.CoreSeconds is null)
        {
            return null;
        }

        var input = report.Input;
        var partitions = Math.Max(1.0, input.Partitions);
        return new Observation
        {
            Id = Anchors.Lane(lane.Name),
            Kind = "",
            Lane = lane.Name,
            Point = "",
            Settings = report.Run.Settings,
            PeriodSeconds = PartitionPeriod.Seconds(input),
            PaceSeconds = report.Run.PaceSeconds,
            Records = input.Records,
            Partitions = partitions,
            RecordsPerSecond = Rate(input, report.Run.PaceSeconds),
            FreshnessP50 = Once(lane.FreshnessSeconds?.P50),
            FreshnessP95 = Once(lane.FreshnessSeconds?.P95),
            FreshnessP99 = Once(lane.FreshnessSeconds?.P99),
            PublishedP50 = lane.Stages.TryGetValue("published", out var published) ? published.P50 : null,
            Used = new Consumption
            {
                CoreSecondsPerMillion = Once(lane.Cost.CoreSecondsPerMillionRecords),
                PublisherCoreSecondsPerMillion = lane.Cost.PublisherCoreSeconds / Math.Max(1.0, input.Records) * Million,
                PeakMemoryBytes = lane.Cost.PeakMemoryBytes,
                PublisherPeakMemoryBytes = lane.Cost.PublisherPeakMemoryBytes,
                SolrDocumentsPerRecord = lane.Cost.SolrDocuments / Math.Max(1.0, input.Records),
                SolrRequestsPerPartition = lane.Cost.SolrRequests / partitions,
                SolrCommitsPerPartition = lane.Cost.SolrCommits / partitions,
                KafkaBytesPerRecord = lane.Cost.KafkaBytesReceived / Math.Max(1.0, input.Records),
                StoreRequestsPerPartition = lane.Cost.ObjectStoreRequests / partitions,
            },
            Faults = FaultsOf(lane.Truth, lane.Accounting, lane.Errors),
        };
    }

    private static Observation? OfSummary(
        ComparisonReport report, ExperimentReport experiment, PointSummary summary, IReadOnlyDictionary<string, (double? Lane, double? Publisher)> rest)
    {
        var runs = experiment.Runs.Where(run => summary.Runs.Contains(run.Id)).ToArray();
        var freshness = summary.Figure(FigureNames.FreshnessP99);
        var cost = summary.Figure(FigureNames.CoreSecondsPerMillion);
        if (runs.Length == 0 || (freshness is null && cost is null))
        {
            return null;
        }

        var input = experiment.Input ?? report.Input;
        var pace = Settings.Seconds(experiment.Settings, "paceSeconds") ?? report.Run.PaceSeconds;
        var records = Math.Max(1.0, runs.Average(run => run.Accounting.Records));
        var offered = Average(runs, run => run.OfferedRecordsPerSecond);

        // The partitions of a run of load grow with its rate, so that its input's are no measure.
        var partitions = Math.Max(1.0, experiment.Kind == ExperimentKinds.Load && offered is > 0 ? records / (offered.Value * pace) : input.Partitions * records / Math.Max(1.0, input.Records));
        rest.TryGetValue(summary.Lane, out var idle);
        return new Observation
        {
            Id = Anchors.Point(experiment.Kind, summary.Lane, summary.Point),
            Kind = experiment.Kind,
            Lane = summary.Lane,
            Point = summary.Point,
            Settings = Settings.Merge(report.Run.Settings, summary.Settings),
            PeriodSeconds = PartitionPeriod.Seconds(input),
            PaceSeconds = pace,
            Records = records,
            Partitions = partitions,
            RecordsPerSecond = offered ?? Rate(input, pace),
            FreshnessP50 = summary.Figure(FigureNames.FreshnessP50),
            FreshnessP95 = summary.Figure(FigureNames.FreshnessP95),
            FreshnessP99 = freshness,
            PublishedP50 = summary.Stages.TryGetValue("published", out var published) ? published.P50 : null,
            Used = new Consumption
            {
                CoreSecondsPerMillion = cost,
                PublisherCoreSecondsPerMillion = Mean(FigureNames.PublisherCoreSeconds) / records * Million,
                PeakMemoryBytes = Mean(FigureNames.PeakMemory),
                PublisherPeakMemoryBytes = Average(runs, run => run.Cost.PublisherPeakMemoryBytes),
                SolrDocumentsPerRecord = Mean(FigureNames.SolrDocuments) / records,
                SolrRequestsPerPartition = Mean(FigureNames.SolrRequests) / partitions,
                SolrCommitsPerPartition = Mean(FigureNames.SolrCommits) / partitions,
                KafkaBytesPerRecord = Mean(FigureNames.KafkaBytes) / records,
                StoreRequestsPerPartition = Mean(FigureNames.ObjectStoreRequests) / partitions,
                RestCores = idle.Lane,
                RestPublisherCores = idle.Publisher,
            },
            Sustained = runs.Any(run => run.Sustained is not null) ? runs.All(run => run.Sustained != false) : null,
            Faults = FaultsOf(summary, runs),
            Inconclusive = summary.Inconclusive,
        };

        double? Mean(string figure) => summary.Figures.TryGetValue(figure, out var estimate) ? estimate.Mean : null;
    }

    private static Dictionary<string, (double? Lane, double? Publisher)> RestByLane(ComparisonReport report) => report.Experiments
        .SelectMany(experiment => experiment.Summaries)
        .Where(summary => summary.Figures.ContainsKey(FigureNames.RestCoreSecondsPerHour))
        .GroupBy(summary => summary.Lane)
        .ToDictionary(
            group => group.Key,
            group => (
                (double?)group.Average(summary => summary.Figures[FigureNames.RestCoreSecondsPerHour].Mean) / SecondsPerHour,
                group.Average(summary => summary.Figures.GetValueOrDefault(FigureNames.RestPublisherCoreSecondsPerHour)?.Mean) / SecondsPerHour));

    private static Dictionary<string, SustainedRate> RatesOf(ComparisonReport report)
    {
        var rates = new Dictionary<string, SustainedRate>();
        foreach (var lane in report.Experiments.SelectMany(experiment => experiment.Searches).GroupBy(search => search.Lane))
        {
            if (lane.Where(search => search.SustainedRecordsPerSecond is not null).ToArray() is { Length: > 0 } found)
            {
                rates[lane.Key] = new SustainedRate(found.Average(search => search.SustainedRecordsPerSecond!.Value), found.Any(search => search.RefusedRecordsPerSecond is not null));
            }
        }

        return rates;
    }

    private static Dictionary<string, string> LossesOf(ComparisonReport report) => report.Experiments
        .Where(experiment => experiment.Kind is ExperimentKinds.Restart or ExperimentKinds.Faults)
        .SelectMany(experiment => experiment.Summaries.Select(summary => (experiment.Kind, Summary: summary)))
        .Where(one => one.Summary.Runs.Count > 0 && !one.Summary.Converged && !SkippedByPolicy.Explains(one.Summary))
        .GroupBy(one => one.Summary.Lane)
        .ToDictionary(lane => lane.Key, lane => $"{lane.First().Kind} ({lane.First().Summary.Point})");

    private static IEnumerable<RestartEvidence> OfRestarts(ExperimentReport experiment) =>
        from summary in experiment.Summaries
        where summary.Runs.Count > 0
        let restarts = experiment.Runs.Where(run => summary.Runs.Contains(run.Id)).SelectMany(run => run.Restarts).ToArray()
        select new RestartEvidence
        {
            Id = Anchors.Point(experiment.Kind, summary.Lane, summary.Point),
            Lane = summary.Lane,
            What = summary.Point,
            Policy = summary.Settings.GetValueOrDefault("policy") ?? restarts.FirstOrDefault()?.Policy,
            OutageSeconds = restarts.Max(restart => restart.OutageSeconds) ?? 0,
            PeakStaleness = summary.Figure(FigureNames.PeakStaleness),
            CatchUp = summary.Figure(FigureNames.CatchUp),
            Converged = summary.Converged,
        };

    private static IEnumerable<RestartEvidence> OfLaneRestarts(LaneReport lane) => lane.Restarts.Select(restart => new RestartEvidence
    {
        Id = Anchors.Lane(lane.Name),
        Lane = lane.Name,
        What = $"{restart.Kind} {restart.Target}",
        Policy = restart.Policy,
        OutageSeconds = restart.OutageSeconds ?? 0,
        PeakStaleness = Once(restart.PeakStalenessSeconds),
        CatchUp = Once(restart.CatchUpSeconds),
        Converged = restart.Converged ?? lane.Truth.Converged,
    });

    private static string[] FaultsOf(PointSummary summary, IReadOnlyList<ExperimentRun> runs)
    {
        string[] faults = [.. runs.SelectMany(run => FaultsOf(run.Truth, run.Accounting, run.Errors)).Distinct()];
        return summary.Converged || faults.Length > 0 ? faults : ["a run did not converge, or its counts did not add up"];
    }

    private static string[] FaultsOf(TruthReport truth, Accounting accounting, IReadOnlyList<string> errors) =>
    [
        .. truth.Converged ? Array.Empty<string>() : [Verdict.Truth(truth)],
        .. accounting.AddsUp ? Array.Empty<string>() : [Verdict.Accounting(accounting)],
        .. errors,
    ];

    /// <summary>Two experiments may have run the same setting: the one with more repetitions stands for it.</summary>
    private static Observation MostRepeated(IEnumerable<Observation> same) => same.MaxBy(one => one.FreshnessP99?.Repetitions ?? 0)!;

    private static Measured? Once(double? value) => value is { } figure ? Measured.Once(figure) : null;

    private static double Rate(InputInfo input, double paceSeconds) => input.Records / Math.Max(1e-9, input.Partitions * paceSeconds);

    private static double? Average(IReadOnlyList<ExperimentRun> runs, Func<ExperimentRun, double?> figure) => runs.Average(figure);
}
