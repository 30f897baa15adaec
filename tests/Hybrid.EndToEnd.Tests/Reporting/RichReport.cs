using Hybrid.Contracts.Lanes;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.EndToEnd.Tests.Reporting;

/// <summary>A report as large as a full comparison writes: five lanes, six experiments, long names, lanes that failed.</summary>
internal static class RichReport
{
    private static readonly (string Name, double Freshness, double Core)[] s_lanes =
        [(LaneNames.MicroBatch, 1.1, 38), (LaneNames.Streaming, 0.42, 88), (LaneNames.Streamiz, 0.61, 140), (LaneNames.Direct, 0.95, 30), (LaneNames.Batch, 6.2, 16)];

    private static readonly Dictionary<string, string> s_none = [];

    public static ComparisonReport Create(double scale = 1, int repetitions = 3) => new()
    {
        Run = new RunInfo
        {
            StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            DurationSeconds = 1100,
            Version = "0.1.0+0123456789abcdef0123456789abcdef01234567",
            Command = "hybrid compare --input week --profile standard --lanes micro-batch,streaming,streamiz,direct,batch --out docs/sample-report",
            PaceSeconds = 0.2,
            Stack = new Dictionary<string, string> { ["kafka"] = "sandbox", ["solr"] = "external http://a-rather-long-name-of-a-host.example:8983/solr" },
            Settings = new Dictionary<string, string> { ["Solr:Visibility"] = "commit-within=200ms", ["Lane:Interval"] = "00:00:01" },
            Machine = new MachineInfo(2, 25_000_000_000, "Linux 6.1.0-13-amd64 #1 SMP PREEMPT_DYNAMIC (some distribution)", ".NET 10.0.1"),
            Warnings = ["the generator itself was late", "the hypervisor gave 3 % away", "and a third one"],
        },
        Input = Input(),
        Lanes = [.. s_lanes.Select(Lane)],
        Experiments = [Freshness(scale, repetitions), Load(scale), Frontier(scale, repetitions), Disturbed(ExperimentKinds.Restart, scale), Disturbed(ExperimentKinds.Faults, scale), Cost(scale, repetitions)],
        Decision = new Decision(
            "direct was the cheapest at a freshness within 3 s, and micro-batch 27 % dearer; below 0.6 s only streaming was fresh enough, for 2.9 times the processor time.",
            ["one reason", "another", "a third", "a fourth", "a fifth"],
            ["another machine"]),
    };

    private static InputInfo Input() => new()
    {
        Source = "week", Partitions = 60, Objects = 63, Lines = 30_300, Records = 30_270, DeadLetters = 30, Documents = 5_109, FirstPartition = "2011-12-01T08:00Z", LastPartition = "2011-12-01T12:55Z",
    };

    private static LaneReport Lane((string Name, double Freshness, double Core) lane) => new()
    {
        Name = lane.Name,
        FreshnessSeconds = Distribution(lane.Freshness),
        Stages = Stages(lane.Freshness),
        FreshnessCurve = [.. Enumerable.Range(0, 100).Select(i => new CurvePoint(lane.Freshness * Math.Exp((i - 50) / 60.0), (i + 1) / 100.0))],
        Throughput = new Throughput { Records = 30_300, RecordsPerSecond = 2_480, Lag = [.. Enumerable.Range(0, 70).Select(i => new CurvePoint(i * 0.2, Math.Abs(600 * Math.Sin(i))))] },
        Cost = Used(lane.Core),
        Restarts = [],
        Truth = Truth(lane.Name != LaneNames.Streamiz),
        Accounting = new Accounting { LinesRead = 30_300, Records = 30_270, DeadLetters = 30, Duplicates = 0 },
        Errors = lane.Name == LaneNames.Streamiz ? ["the lane sent 3 records to the dead letters: their headers in the dead letter topic say why"] : [],
    };

    private static ExperimentReport Freshness(double scale, int repetitions) => Experiment(
        ExperimentKinds.Freshness, s_lanes.Select(lane => Point(ExperimentKinds.Freshness, lane.Name, s_none, lane.Freshness * scale, lane.Core, repetitions)));

    private static ExperimentReport Cost(double scale, int repetitions)
    {
        var experiment = Experiment(ExperimentKinds.Cost, s_lanes.Select(lane => Point(ExperimentKinds.Cost, lane.Name, s_none, lane.Freshness * scale, lane.Core, repetitions)));
        return experiment with
        {
            FreshnessTargetSeconds = 3,
            Summaries =
            [
                .. experiment.Summaries.Select(summary => summary with
                {
                    MetTarget = summary.Lane != LaneNames.Batch,
                    Figures = new Dictionary<string, Estimate>(summary.Figures) { [FigureNames.RestCoreSecondsPerHour] = Estimate(18, 3), [FigureNames.RestMemory] = Estimate(1.1e8, 3) },
                }),
            ],
        };
    }

    private static ExperimentReport Load(double scale)
    {
        var points = s_lanes.Take(4).SelectMany(lane => new[] { 1_000, 4_000, 8_000, 16_000 }.Select(rate =>
        {
            var (summary, runs) = Point(ExperimentKinds.Load, lane.Name, new() { ["rate"] = $"{rate}" }, lane.Freshness * scale * (1 + (rate / 8_000.0)), lane.Core * (1 + (800.0 / rate)), 1);
            return (summary, runs.Select(run => run with { OfferedRecordsPerSecond = rate, LagGrowthShare = rate > 8_000 ? 0.1 : 0.001, Sustained = rate <= 8_000 }).ToArray());
        }));
        var experiment = Experiment(ExperimentKinds.Load, points);
        return experiment with
        {
            Searches = [.. s_lanes.Take(4).Select(lane => new RateSearch { Lane = lane.Name, Repetition = 1, SustainedRecordsPerSecond = 9_000, RefusedRecordsPerSecond = 10_000, Runs = [] })],
        };
    }

    private static ExperimentReport Frontier(double scale, int repetitions)
    {
        var points = new[] { 0.1, 0.5, 1, 5 }.Select(interval => (LaneNames.MicroBatch, "interval", $"{interval}s", 0.3 + interval, 24 + (14 / interval)))
            .Concat(new[] { 50, 200, 1_000 }.Select(visibility => (LaneNames.Streaming, "visibility", $"commit-within={visibility}ms", 0.2 + (visibility / 1e3), 60 + (3e3 / visibility))))
            .Concat(new[] { 1, 5, 10 }.Select(schedule => (LaneNames.Batch, "schedule", $"{schedule}s", 1.0 + schedule, 8 + (60.0 / schedule))));
        var experiment = Experiment(
            ExperimentKinds.Frontier,
            points.Select(point => Point(ExperimentKinds.Frontier, point.Item1, new() { [point.Item2] = point.Item3 }, point.Item4 * scale, point.Item5, repetitions)));
        return experiment with { Summaries = [.. experiment.Summaries.Select((summary, i) => summary with { OnFront = i % 2 == 0 })] };
    }

    private static ExperimentReport Disturbed(string kind, double scale)
    {
        var (name, values) = kind == ExperimentKinds.Restart ? ("restart", new[] { "stop", "kill", "outage" }) : ("fault", ["solr-stalled", "burst"]);
        var points = values.SelectMany(value => s_lanes.Select(lane =>
        {
            var (summary, runs) = Point(kind, lane.Name, new() { [name] = value, ["policy"] = "resume" }, lane.Freshness * scale, lane.Core, 1);
            var figures = new Dictionary<string, Estimate>(summary.Figures)
            {
                [FigureNames.PeakStaleness] = Estimate(3.2, 1), [FigureNames.CatchUp] = Estimate(1.2, 1), [FigureNames.Downtime] = Estimate(0.6, 1), [FigureNames.Replayed] = Estimate(400, 1),
            };
            return (summary with { Figures = figures, Inconclusive = "one run counts, and three are needed" }, runs.Select(run => run with
            {
                Staleness = [.. Enumerable.Range(0, 100).Select(i => new CurvePoint(i * 0.1, i is > 50 and < 80 ? (i - 50) * 0.1 : lane.Freshness / 2))],
                Restarts = kind == ExperimentKinds.Restart ? [new RestartReport { Target = lane.Name, Kind = "kill", AtSeconds = 5, DowntimeSeconds = 0.6, Policy = "resume" }] : [],
                Fault = kind == ExperimentKinds.Faults ? new FaultReport { Name = value, Description = "Solr answers nothing for 3 s", FromSeconds = 5, ToSeconds = 8 } : null,
            }).ToArray());
        }));
        return Experiment(kind, points);
    }

    private static ExperimentReport Experiment(string kind, IEnumerable<(PointSummary Summary, ExperimentRun[] Runs)> points)
    {
        var all = points.ToArray();
        return new ExperimentReport
        {
            Kind = kind,
            Settings = new Dictionary<string, string> { ["repeat"] = "3", ["paceSeconds"] = "0.2", ["seed"] = "1" },
            Runs = [.. all.SelectMany(point => point.Runs)],
            Summaries = [.. all.Select(point => point.Summary)],
            Findings = [$"{kind}: something was found, and it takes a whole line to say it so that it has to be broken on a narrow screen"],
            Refusals = ["something else was not concluded"],
        };
    }

    private static (PointSummary Summary, ExperimentRun[] Runs) Point(string kind, string lane, Dictionary<string, string> settings, double freshness, double core, int repetitions)
    {
        var point = string.Join(",", settings.Select(pair => $"{pair.Key}={pair.Value}"));
        ExperimentRun[] runs =
        [
            .. Enumerable.Range(1, repetitions).Select(repetition => new ExperimentRun
            {
                Id = $"{kind}/{lane}/{point}/{repetition}",
                Lane = lane,
                Point = point,
                Repetition = repetition,
                Settings = settings,
                StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
                DurationSeconds = 14,
                FreshnessSeconds = Distribution(freshness),
                Stages = Stages(freshness),
                OfferedRecordsPerSecond = 2_500,
                Throughput = new Throughput { Records = 30_270, Lag = [] },
                Cost = Used(core),
                Truth = Truth(true),
                Accounting = new Accounting { LinesRead = 30_300, Records = 30_270, DeadLetters = 30, Duplicates = 0 },
                Noise = new NoiseReport { GeneratorLatenessP99Seconds = 0.004, StealShare = 0.001, OtherLoadShare = 0.04 },
            }),
        ];
        var summary = new PointSummary
        {
            Lane = lane,
            Point = point,
            Settings = settings,
            Runs = [.. runs.Select(run => run.Id)],
            FreshnessSeconds = Distribution(freshness),
            Stages = Stages(freshness),
            Figures = new Dictionary<string, Estimate>
            {
                [FigureNames.FreshnessP50] = Estimate(freshness, repetitions),
                [FigureNames.FreshnessP95] = Estimate(freshness * 1.5, repetitions),
                [FigureNames.FreshnessP99] = Estimate(freshness * 1.9, repetitions),
                [FigureNames.CoreSecondsPerMillion] = Estimate(core, repetitions),
                [FigureNames.PublisherCoreSeconds] = Estimate(1.1, repetitions),
                [FigureNames.PeakMemory] = Estimate(1.3e8, repetitions),
                [FigureNames.SolrRequests] = Estimate(380, repetitions),
                [FigureNames.SolrDocuments] = Estimate(24_000, repetitions),
                [FigureNames.ObjectStoreRequests] = Estimate(260, repetitions),
                [FigureNames.KafkaBytes] = Estimate(3.6e6, repetitions),
            },
            Converged = true,
        };
        return (summary, runs);
    }

    private static Estimate Estimate(double value, int runs) => runs < 2
        ? new Estimate { Mean = value, Median = value, Min = value, Max = value, Runs = runs }
        : new Estimate { Mean = value, Median = value, Min = value * 0.97, Max = value * 1.03, Low = value * 0.92, High = value * 1.08, Runs = runs };

    private static Dictionary<string, Distribution> Stages(double seconds)
    {
        string[] names = ["landed", "discovered", "published", "consumed", "posted", "acknowledged", "searchable"];
        return names.Select((name, i) => (name, Distribution(seconds * (i + 1) / names.Length))).ToDictionary();
    }

    private static Distribution Distribution(double seconds) => new() { P50 = seconds, P95 = seconds * 1.5, P99 = seconds * 1.9, Max = seconds * 2.4, Samples = 300 };

    private static Contracts.Reports.Cost Used(double core) => new()
    {
        CoreSeconds = core * 0.03, CoreSecondsPerMillionRecords = core, PublisherCoreSeconds = 1.1, PeakMemoryBytes = 130_000_000, PublisherPeakMemoryBytes = 110_000_000, KafkaRequests = 420,
        KafkaBytesReceived = 3_600_000, ObjectStoreRequests = 260, SolrRequests = 380, SolrDocuments = 24_000, SolrBytesSent = 7_200_000, SolrCommits = 66, OffsetCommits = 70,
    };

    private static TruthReport Truth(bool converged) => new()
    {
        Converged = converged, Missing = converged ? 0 : 3, Stale = converged ? 0 : 12, Extra = 0, Documents = 5_109, Examples = converged ? [] : ["document <4711>: stale, version 3 expected, 2 found"],
    };
}
