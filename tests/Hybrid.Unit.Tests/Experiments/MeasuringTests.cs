using Hybrid.Comparison.Experiments;
using Hybrid.Comparison.Experiments.Plans;
using Hybrid.Comparison.Experiments.Summaries;
using Hybrid.Comparison.Observer;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Unit.Tests.Experiments;

/// <summary>Holds the measuring itself against lanes whose freshness is known.</summary>
public sealed class MeasuringTests
{
    private const int Partitions = 40;

    [Fact]
    public void Delay_OfSevenHundredMilliseconds_IsReportedAsThatWithinTheObserversInterval()
    {
        var known = Freshness(SimulatedLane.Watch(Partitions, Latency));
        var delayed = Freshness(SimulatedLane.Watch(Partitions, (partition, canary) => Latency(partition, canary) + TimeSpan.FromMilliseconds(700)));
        var interval = IndexObserver.Interval.TotalSeconds;
        Assert.InRange(delayed.P50 - known.P50, 0.7 - interval, 0.7 + interval);
        Assert.InRange(delayed.P99 - known.P99, 0.7 - interval, 0.7 + interval);
        Assert.InRange(delayed.Max - known.Max, 0.7 - interval, 0.7 + interval);
        Assert.Equal(known.Samples, delayed.Samples);
    }

    [Fact]
    public void Sighting_IsNeverEarlyAndLateByTheIntervalAtMost()
    {
        var exact = Enumerable.Range(0, Partitions).SelectMany(partition => Enumerable.Range(0, 5).Select(canary => Latency(partition, canary)!.Value.TotalSeconds)).Max();
        Assert.InRange(Freshness(SimulatedLane.Watch(Partitions, Latency)).Max, exact, exact + IndexObserver.Interval.TotalSeconds);
    }

    [Fact]
    public void Generator_ThatStalls_ImprovesNobodysPercentiles()
    {
        // The generator sleeps for three seconds in the middle, then puts everything it owes at once: the perfect lane shows it at once.
        TimeSpan Stalled(int partition) => partition is >= 15 and < 30 ? (30 - partition) * SimulatedLane.Pace : TimeSpan.Zero;
        var steady = Freshness(SimulatedLane.Watch(Partitions, Latency));
        var stalled = Freshness(SimulatedLane.Watch(Partitions, Latency, Stalled));
        Assert.Equal(steady.Samples, stalled.Samples);
        Assert.True(stalled.P50 >= steady.P50 && stalled.P95 >= steady.P95);
        Assert.True(stalled.P99 >= 2.8, $"p99 is {stalled.P99}");
    }

    [Fact]
    public void CanaryThatNeverShows_IsStaleToTheEnd()
    {
        var outcome = SimulatedLane.Watch(Partitions, (partition, canary) => (partition, canary) == (10, 2) ? null : Latency(partition, canary));
        Assert.Single(outcome.Unseen);
        var last = outcome.Backlog.Staleness(Partitions * SimulatedLane.Pace.TotalSeconds)[^1];
        Assert.Equal((Partitions - 10) * SimulatedLane.Pace.TotalSeconds, last.Y, 3);
    }

    [Fact]
    public void IdenticalLanes_AreToldApartNoMoreOftenThanTheIntervalSays()
    {
        // Two lanes of one distribution, five runs each, a thousand times: 95 % intervals that do not overlap must be rare.
        var random = new Random(7);
        var apart = Enumerable.Range(0, 1_000).Count(_ => Estimates.Differ(Runs(), Runs()));
        Assert.InRange(apart, 0, 50);
        Estimate Runs() => Estimates.Of(Enumerable.Range(0, 5).Select(_ => (double?)(1 + (0.1 * Normal(random)))))!;
    }

    [Fact]
    public void LanesThatDiffer_AreToldApart()
    {
        var random = new Random(7);
        var apart = Enumerable.Range(0, 1_000).Count(_ => Estimates.Differ(Runs(1), Runs(1.7)));
        Assert.InRange(apart, 950, 1_000);
        Estimate Runs(double mean) => Estimates.Of(Enumerable.Range(0, 5).Select(_ => (double?)(mean + (0.1 * Normal(random)))))!;
    }

    [Fact]
    public void WarmUp_DoesNotCount()
    {
        // The first ten partitions are slow, as services are that have not compiled their hot paths.
        var outcome = SimulatedLane.Watch(Partitions, (partition, _) => TimeSpan.FromSeconds(partition < 10 ? 3 : 0.1));
        Assert.True(Freshness(outcome).P99 >= 3);
        var warm = Freshness(outcome with { MeasuredFrom = SimulatedLane.Start + (10 * SimulatedLane.Pace) });
        Assert.InRange(warm.Max, 0.1, 0.1 + IndexObserver.Interval.TotalSeconds);
        Assert.Equal((Partitions - 10) * 5, warm.Samples);
    }

    [Fact]
    public void Summary_OfTooFewRunsOrSamples_RefusesToConclude()
    {
        var summarizer = new Summarizer(new ExperimentSettings { MinimumRuns = 3, MinimumSamples = 100 });
        var enough = new Distribution { P50 = 1, P95 = 1, P99 = 1, Max = 1, Samples = 100 };
        Assert.Equal("2 runs count, and 3 are needed", summarizer.Inconclusive(2, enough, Estimates.Of([1, 1])));
        Assert.Equal("freshness is of 99 samples, and 100 are needed", summarizer.Inconclusive(3, enough with { Samples = 99 }, Estimates.Of([1, 1, 1])));
        Assert.StartsWith("the runs differ too much", summarizer.Inconclusive(3, enough, Estimates.Of([0.1, 0.1, 9])), StringComparison.Ordinal);
        Assert.Null(summarizer.Inconclusive(3, enough, Estimates.Of([1, 1.1, 0.9])));
    }

    /// <summary>0 to 297 ms, all different, not in step with the observer.</summary>
    private static TimeSpan? Latency(int partition, int canary) => TimeSpan.FromMilliseconds(((partition * 5) + canary) * 37 % 298);

    private static Distribution Freshness(LaneOutcome outcome) => outcome.ToReport(SimulatedLane.Input(Partitions)).FreshnessSeconds!;

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
