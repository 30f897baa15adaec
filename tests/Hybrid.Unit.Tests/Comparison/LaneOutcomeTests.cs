using Hybrid.Comparison.Accounts;
using Hybrid.Comparison.Experiments;
using Hybrid.Comparison.Observer;
using Hybrid.Comparison.Processes;
using Hybrid.Comparison.Reporting;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Reports;
using Hybrid.Pipeline.Measurement;

namespace Hybrid.Unit.Tests.Comparison;

public sealed class LaneOutcomeTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Report_OfASoundRun_PassesWithItsFigures()
    {
        var report = Outcome().ToReport(Input);
        Assert.True(Verdict.Passed(report));
        Assert.Equal(0.5, report.FreshnessSeconds!.P50, 6);
        Assert.Equal(report.FreshnessSeconds, report.Stages[Stage.Searchable]);
        Assert.Equal(2 / 1.5, report.Throughput.RecordsPerSecond!.Value, 6);
        Assert.Equal(7, report.Cost.ObjectStoreRequests);
        Assert.Null(report.Cost.SolrBytesSent);
    }

    [Fact]
    public void Report_ProcessorTimeBeforeTheFirstDueTime_DoesNotCount()
    {
        var report = Outcome().ToReport(Input);
        Assert.Equal(3, report.Cost.CoreSeconds!.Value, 6);
        Assert.Equal(1.5e6, report.Cost.CoreSecondsPerMillionRecords!.Value, 3);
    }

    [Fact]
    public void Report_SeveralProcessesOfALane_AddsCountersAndMergesHistograms()
    {
        var report = (Outcome() with { Service = new ServiceFigures([Process(1, 10, 0.1), Process(2, 20, 0.3)]) }).ToReport(Input);
        Assert.Equal(30, report.Cost.SolrRequests);
        Assert.Equal(2, report.Stages[Stage.Acknowledged].Samples);
        Assert.Equal(0.3, report.Stages[Stage.Acknowledged].Max, 3);
        Assert.Equal(200, report.Cost.PeakMemoryBytes);
    }

    [Fact]
    public void Report_RestartOfTheLane_HasWhatWasTakenTwice()
    {
        var restart = new RestartReport { Target = "streaming", Kind = "kill", AtSeconds = 1 };
        var report = (Outcome() with
        {
            Service = new ServiceFigures([Process(1, 10, 0.1, consumed: 1), Process(2, 20, 0.3, consumed: 4)]),
            Restarts = [new ExecutedRestart(restart, Start.AddSeconds(1))],
        }).ToReport(Input);
        Assert.Equal(3, Assert.Single(report.Restarts).Replayed);
    }

    [Theory]
    [InlineData("streaming", "streaming", "latest", "the topics hold")]
    [InlineData("streaming", "publisher", "resume", "the topics hold")]
    [InlineData("streaming", "publisher", "latest", null)]
    [InlineData("direct", "direct", "resume", "the lane's cursor counts")]
    [InlineData("direct", "direct", "latest", null)]
    public void Report_LinesThatAreMissing_AreAnErrorUnlessWhoReadsThemWasToldToSkip(string lane, string target, string policy, string? says)
    {
        var report = (Outcome() with
        {
            Lane = lane,
            Policy = policy,
            InputRecords = 5,
            Restarts = [new ExecutedRestart(new RestartReport { Target = target, Kind = "kill", AtSeconds = 1 }, Start.AddSeconds(1))],
        }).ToReport(Input with { Lines = 5, Records = 5 });
        Assert.Equal(says is null ? 0 : 1, report.Errors.Count(error => error.StartsWith("the input has 5 lines", StringComparison.Ordinal)));
        Assert.Contains(says ?? "", string.Concat(report.Errors), StringComparison.Ordinal);
        Assert.Equal(lane == "direct" || target == "publisher" ? 3 : null, Assert.Single(report.Restarts).Skipped);
    }

    [Fact]
    public void Report_TopicsThatCouldNotBeRead_DoesNotPassAndInventsNoFigures()
    {
        var report = (Outcome() with { Ledger = null, Problems = ["Kafka is gone"] }).ToReport(Input);
        Assert.False(Verdict.Passed(report));
        Assert.Contains("Kafka is gone", report.Errors);
        Assert.Null(report.Cost.KafkaRecords);
        Assert.Null(report.Cost.CoreSecondsPerMillionRecords);
    }

    [Fact]
    public void Conclusions_OneLaneOnly_SettleNothing() => Assert.Null(Conclusions.Draw([Outcome().ToReport(Input)]));

    [Fact]
    public void Conclusions_FresherAndDearerLane_NameBothAndTheRatio()
    {
        var slow = Outcome() with { Lane = "micro-batch", Sightings = [new Sighting(Start, Start.AddSeconds(2), 1)], ServiceStartUpSeconds = 2.5 };
        var decision = Conclusions.Draw([slow.ToReport(Input), Outcome().ToReport(Input)])!;
        Assert.StartsWith("streaming was fresher than micro-batch (p99 0.50 s against 2.00 s) for 2.0 times the processor time", decision.Summary, StringComparison.Ordinal);
        Assert.Equal(2, decision.Reasons.Count);
        Assert.NotEmpty(decision.NotMeasured);
    }

    [Fact]
    public void Conclusions_LanesWithinATenthOfEachOther_AreEquallyFresh()
    {
        var other = Outcome() with { Lane = "micro-batch", Sightings = [new Sighting(Start, Start.AddSeconds(0.54), 1)], ServiceStartUpSeconds = 2.5 };
        var summary = Conclusions.Draw([other.ToReport(Input), Outcome().ToReport(Input)])!.Summary;
        Assert.Equal(
            "streaming and micro-batch were about equally fresh (p99 0.50 s and 0.54 s), and micro-batch was the cheapest (1.50 core-seconds)", summary);
    }

    private static InputInfo Input { get; } = new()
    {
        Source = "here",
        Partitions = 1,
        Objects = 1,
        Lines = 3,
        Records = 2,
        DeadLetters = 1,
        Documents = 2,
        FirstPartition = "2011-12-01T08:05Z",
        LastPartition = "2011-12-01T08:05Z",
    };

    private static LaneOutcome Outcome()
    {
        var ledger = new RecordLedger();
        ledger.Record("a", 1);
        ledger.Record("b", 1);
        ledger.DeadLetter(ofLane: false);
        return new LaneOutcome
        {
            Lane = "streaming",
            FirstDue = Start,
            Sightings = [new Sighting(Start, Start.AddSeconds(0.5), 1), new Sighting(Start.AddSeconds(1), Start.AddSeconds(1.5), 1)],
            Lag = [],
            Publisher = new ServiceFigures([new ProcessRecord(1, 100, Status(new() { [Instruments.StoreRequests] = 7 }))]),
            Service = new ServiceFigures([Process(4, 10, 0.1)]),
            PublisherStartUpSeconds = 0.5,
            ServiceStartUpSeconds = 1,
            Ledger = ledger,
            Truth = new TruthReport { Converged = true, Missing = 0, Stale = 0, Extra = 0, Documents = 2 },
            Restarts = [],
            Problems = [],
        };
    }

    private static ProcessRecord Process(double cpuSeconds, long solrRequests, double acknowledged, long consumed = 2)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(acknowledged);
        var status = Status(new() { [Instruments.SolrRequests] = solrRequests, [Instruments.RecordsConsumed] = consumed });
        return new ProcessRecord(cpuSeconds, (long)(cpuSeconds * 100), status with { Histograms = new() { [Instruments.FreshnessAcknowledged] = histogram.Snapshot() } });
    }

    private static ServiceStatus Status(SortedDictionary<string, long> counters) => new()
    {
        Service = "a service",
        ProcessId = 1,
        StartedAt = Start,
        UpdatedAt = Start,
        State = ServiceState.Stopped,
        CpuSeconds = 0,
        PeakMemoryBytes = 0,
        Counters = counters,
        Gauges = [],
        Histograms = [],
    };
}
