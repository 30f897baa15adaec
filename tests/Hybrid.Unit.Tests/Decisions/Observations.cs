using Hybrid.Comparison.Evidence;

namespace Hybrid.Unit.Tests.Decisions;

/// <summary>Measured lanes, as few figures as a test is about.</summary>
internal static class Observations
{
    public static Observation Lane(
        string lane, double freshness = 1, double coreSeconds = 50, double spread = 0.02, int repetitions = 3, string point = "", string[]? faults = null, double? rest = 0.01) => new()
    {
        Id = $"{lane}/{point}",
        Kind = "freshness",
        Lane = lane,
        Point = point,
        Settings = new Dictionary<string, string> { ["Lane:Interval"] = "00:00:01", ["Solr:Visibility"] = "commit-within=200ms", ["schedule"] = "*/5 * * * *" },
        PeriodSeconds = 300,
        PaceSeconds = 0.2,
        Records = 30_000,
        Partitions = 60,
        RecordsPerSecond = 2_500,
        FreshnessP50 = Figure(freshness / 2, spread, repetitions),
        FreshnessP95 = Figure(freshness * 0.9, spread, repetitions),
        FreshnessP99 = Figure(freshness, spread, repetitions),
        Used = new Consumption
        {
            CoreSecondsPerMillion = Figure(coreSeconds, spread, repetitions),
            PublisherCoreSecondsPerMillion = 30,
            PeakMemoryBytes = 200e6,
            PublisherPeakMemoryBytes = 150e6,
            SolrDocumentsPerRecord = 0.8,
            SolrRequestsPerPartition = 4,
            SolrCommitsPerPartition = 2,
            KafkaBytesPerRecord = 120,
            StoreRequestsPerPartition = 5,
            RestCores = rest,
            RestPublisherCores = rest,
        },
        Faults = faults ?? [],
    };

    public static Measured Figure(double value, double spread, int repetitions) => repetitions < 2
        ? Measured.Once(value)
        : new Measured(value, value * (1 - spread), value * (1 + spread), value * (1 + (spread / 2)), repetitions);

    public static RestartEvidence Restart(string lane, double staleness, bool converged = true, string policy = "resume", double outage = 0) => new()
    {
        Id = $"restart/{lane}",
        Lane = lane,
        What = "restart=kill",
        Policy = policy,
        OutageSeconds = outage,
        PeakStaleness = Measured.Once(staleness),
        Converged = converged,
    };

    public static MeasuredEvidence Evidence(IReadOnlyList<Observation> lanes, params RestartEvidence[] restarts) => new()
    {
        Candidates = lanes,
        Observations = lanes,
        Restarts = restarts,
        Losses = new Dictionary<string, string>(),
        Rates = new Dictionary<string, SustainedRate>(),
        Kinds = [],
    };
}
