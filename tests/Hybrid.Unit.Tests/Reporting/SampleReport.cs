using Hybrid.Contracts.Reports;

namespace Hybrid.Unit.Tests.Reporting;

/// <summary>A report with everything in it that a report can hold.</summary>
internal static class SampleReport
{
    /// <summary>The same with one experiment of each kind.</summary>
    public static ComparisonReport WithExperiments()
    {
        var report = Create();
        return report with { Experiments = SampleExperiments.Of(report.Lanes) };
    }

    public static ComparisonReport Create(bool converged = true) => new()
    {
        Run = new RunInfo
        {
            StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            DurationSeconds = 61.5,
            Version = "0.1.0",
            Command = "hybrid compare --input <dir>",
            PaceSeconds = 0.2,
            Stack = new Dictionary<string, string> { ["kafka"] = "sandbox" },
            Settings = new Dictionary<string, string> { ["solr.adapter"] = "json" },
            Seed = 7,
            Machine = new MachineInfo(2, 25_000_000_000, "Linux", "10.0.1"),
            Warnings = ["the generator was late"],
        },
        Input = new InputInfo
        {
            Source = "in",
            Partitions = 10,
            Objects = 12,
            Lines = 1000,
            Records = 990,
            DeadLetters = 10,
            Documents = 300,
            FirstPartition = "2011-12-01T08:00Z",
            LastPartition = "2011-12-01T08:45Z",
        },
        Lanes = [Lane("micro-batch", 1.2, true), Lane("streaming", 0.25, converged)],
        Decision = new Decision("streaming was fresher.", ["p99 0.3 s against 1.5 s"], ["cost at rest"]),
    };

    private static LaneReport Lane(string name, double seconds, bool converged) => new()
    {
        Name = name,
        FreshnessSeconds = Distribution(seconds),
        Stages = new Dictionary<string, Distribution> { ["published"] = Distribution(seconds / 4), ["searchable"] = Distribution(seconds) },
        FreshnessCurve = [new(seconds / 2, 0.1), new(seconds, 0.5), new(seconds * 1.3, 1)],
        Throughput = new Throughput { Records = 990, RecordsPerSecond = 450.5, Lag = [new(0, 0), new(0.2, 99), new(0.4, 3)] },
        Cost = new Cost { CoreSeconds = 0.4, CoreSecondsPerMillionRecords = 404, PeakMemoryBytes = 90_000_000, SolrRequests = 12 },
        Restarts = [new RestartReport { Target = name, Kind = "kill", AtSeconds = 1, DowntimeSeconds = 0.3, CatchUpSeconds = 0.9, PeakStalenessSeconds = 1.4, Replayed = 20 }],
        Truth = new TruthReport { Converged = converged, Missing = converged ? 0 : 2, Stale = 0, Extra = 0, Documents = 300, Examples = converged ? [] : ["a<b: missing"] },
        Accounting = new Accounting { LinesRead = 1000, Records = 990, DeadLetters = 10, Duplicates = 0 },
        Errors = converged ? [] : ["the index did not converge"],
    };

    private static Distribution Distribution(double seconds) => new() { P50 = seconds, P95 = seconds * 1.1, P99 = seconds * 1.2, Max = seconds * 1.3, Samples = 50 };
}
