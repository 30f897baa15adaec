using Hybrid.Comparison.Cost;
using Hybrid.Comparison.Evidence;
using Hybrid.Comparison.Projection;
using Hybrid.Unit.Tests.Decisions;

namespace Hybrid.Unit.Tests.Projections;

public class ProjectionTests
{
    private const double Capacity = 20_000;
    private static readonly SustainedRate s_limit = new(Capacity, IsLimit: true);
    private static readonly Pricing s_prices = PricingFile.Examples();
    private static readonly TargetScale s_large = new(5e9, TimeSpan.FromMinutes(5), 40e6, null);

    [Fact]
    public void Fit_FindsTheCoefficientsThatMadeTheFigures()
    {
        double[][] rows = [[1, 0.1, 3], [1, 1, 2], [1, 5, 7], [1, 2, 1], [1, 0.5, 4]];
        double[] values = [.. rows.Select(row => 0.4 + (0.9 * row[1]) + (0.2 * row[2]))];
        Assert.Equal([0.4, 0.9, 0.2], BoundedFit.Solve(rows, values, [new(0, 0, 9), new(0, 0, 9), new(0, 0, 9)]).Select(one => Math.Round(one, 6)));
    }

    [Fact]
    public void Fit_StaysWithinItsBounds_AndNearItsBeginWhereTheRunsDoNotTell()
    {
        double[][] rows = [[1, 1], [1, 2], [1, 3]];
        Assert.Equal([1.5, 0.5], BoundedFit.Solve(rows, [2, 2.5, 3], [new(0, 0, 9), new(0.5, 0.5, 1)]).Select(one => Math.Round(one, 6)));
        Assert.All(BoundedFit.Solve(rows, [3, 2, 1], [new(0, 0, 9), new(1, 0.5, 1)]), coefficient => Assert.InRange(coefficient, 0, 9));
        Assert.Equal([0, 1], BoundedFit.Solve([[1, 2]], [2], [new(0, 0, 9), new(1, 0, 9)]));
    }

    [Fact]
    public void Model_PredictsRunsThatItDidNotSee()
    {
        var error = ModelError.LeaveOneOut(Runs(), s_limit)!;
        Assert.Equal(6, error.Runs);
        Assert.InRange(error.WorstFreshnessP99, 1, 1.01);
        Assert.InRange(error.WorstCoreSeconds, 1, 1.01);
    }

    [Fact]
    public void HighestRateThatWasTried_IsNotTakenForTheLimit()
    {
        // Runs of a lane that takes 20 000 a second, of which the highest tried was 5 000, without a queue that a lane at its limit would have.
        var tried = new SustainedRate(Capacity / 4, IsLimit: false);
        Assert.InRange(ModelError.LeaveOneOut(Runs(), tried)!.WorstFreshnessP99, 1, 1.3);
        Assert.InRange(LaneModel.Calibrate(Runs(), tried)!.ServiceRate, Capacity / 1.5, Capacity * 1.5);
        Assert.True(ModelError.LeaveOneOut(Runs(), tried with { IsLimit = true })!.WorstFreshnessP99 > 2);
    }

    [Fact]
    public void Publishers_AreCountedByWhatARecordCosts_NotByWhatAShortRunDoes()
    {
        var runs = new[] { 1_000.0, 10_000 }.Select(rate => Observations.Lane("streaming") with
        {
            RecordsPerSecond = rate,
            Used = Observations.Lane("streaming").Used with { PublisherCoreSecondsPerMillion = 20 + (0.2 * 1e6 / rate) },
        }).ToArray();
        var publisher = PublisherModel.Calibrate(runs)!;

        Assert.Equal(40_000, publisher.Capacity, tolerance: 1);
        Assert.Equal(30, publisher.CoreSecondsPerMillion(20_000), tolerance: 0.01);
        Assert.Null(PublisherModel.Calibrate([Observations.Lane("direct") with { Used = new Consumption() }]));
    }

    [Fact]
    public void Error_ShowsWhenTheRunsAreNotOfOneModel()
    {
        var runs = Runs();
        runs[2] = runs[2] with { FreshnessP99 = Measured.Once(40), FreshnessP50 = Measured.Once(30) };
        Assert.True(ModelError.LeaveOneOut(runs, s_limit)!.WorstFreshnessP99 > 2);
        Assert.Null(ModelError.LeaveOneOut([.. runs.Take(2)], s_limit));
    }

    [Fact]
    public void Instances_AreAsManyAsTheRateNeedsAtTheUtilisation()
    {
        var lane = Project(s_large);
        Assert.Equal((int)Math.Ceiling(5e9 / 86_400 / (Capacity * s_prices.Compute.Utilisation)), lane.Instances);
        Assert.True(lane.Utilisation <= s_prices.Compute.Utilisation);
        Assert.True(lane.KafkaPartitions >= lane.Instances);
        Assert.True(lane.SolrShards >= 2);
    }

    [Fact]
    public void Freshness_AtScaleHoldsTheDrainOfAPartition()
    {
        // Five minutes of 57 870 records a second are 17.4 M; five instances of 20 000 a second drain them in 174 s when nothing else is queued.
        var lane = Project(s_large);
        Assert.True(lane.FreshnessP99 > s_large.RecordsPerPartition / (lane.Instances * Capacity));
        Assert.True(lane.FreshnessP50 < lane.FreshnessP99);
    }

    [Fact]
    public void FreshnessAskedFor_IsBoughtWithInstances()
    {
        var lane = Project(s_large with { FreshnessSeconds = 30 });
        Assert.True(lane.MeetsTarget);
        Assert.True(lane.Instances > Project(s_large).Instances);
        Assert.InRange(lane.FreshnessP99, 0, 30);
        Assert.True(lane.PerMonth > Project(s_large).PerMonth);
        Assert.False(Project(s_large with { FreshnessSeconds = 0.05 }).MeetsTarget);
    }

    [Theory]
    [InlineData(1e6, 1e7)]
    [InlineData(1e8, 1e9)]
    [InlineData(1e9, 1e11)]
    public void MoreEvents_NeverCostLessNorNeedFewerInstances(double few, double many)
    {
        var (small, large) = (Project(s_large with { EventsPerDay = few }), Project(s_large with { EventsPerDay = many }));
        Assert.True(small.Instances <= large.Instances);
        Assert.True(small.PerMonth <= large.PerMonth);
    }

    [Fact]
    public void ScheduledLane_WaitsForItsScheduleAtTheUsersPartitions()
    {
        var batch = Observations.Lane("batch", freshness: 0.6) with { Settings = new Dictionary<string, string> { ["schedule"] = "*/10 * * * *" } };
        var lane = Assert.Single(Projector.Project(Observations.Evidence([batch, batch with { Records = 60_000 }, batch with { Records = 90_000 }]), s_large with { EventsPerDay = 1e6 }, s_prices).Lanes);
        Assert.True(lane.FreshnessP99 >= 500);
        Assert.Null(lane.KafkaPartitions);
        Assert.Null(lane.Publishers);
    }

    [Fact]
    public void Limits_SayHowFarBeyondTheRunsItGoes_AndWhatWasNotSearchedFor()
    {
        var limits = Project(s_large).Limits;
        Assert.Contains(limits, limit => limit.Contains("times what was measured", StringComparison.Ordinal));
        var unsearched = Assert.Single(Projector.Project(Observations.Evidence(Runs()), s_large, s_prices).Lanes);
        Assert.Contains(unsearched.Limits, limit => limit.Contains("--experiments load", StringComparison.Ordinal));
    }

    [Fact]
    public void LaneWhoseRunsDidNotEndRight_IsNotProjected()
    {
        var (lanes, failures) = Projector.Project(Observations.Evidence([Observations.Lane("streaming", faults: ["2 missing"])]), s_large, s_prices);
        Assert.Empty(lanes);
        Assert.Contains("none of its runs ended right and kept up", Assert.Single(failures), StringComparison.Ordinal);
    }

    private static LaneProjection Project(TargetScale scale) => Assert.Single(Projector.Project(
        Observations.Evidence(Runs()) with { Rates = new Dictionary<string, SustainedRate> { ["micro-batch"] = s_limit } }, scale, s_prices).Lanes);

    /// <summary>Runs of a lane that does exactly what the model says: 0.2 s, the waits, 1.2 drains; 30 core-seconds, 2 ms a request and a fifth of a core at all times.</summary>
    private static Observation[] Runs() =>
    [
        .. new[] { (0.1, 1_000.0), (0.5, 3_000), (1, 500), (2, 6_000), (5, 2_000), (0.2, 10_000) }.Select(run =>
        {
            var (interval, perPartition) = run;
            var operation = new Operation(perPartition, perPartition / 2, interval + 0.2, Capacity);
            var requests = 3 + (perPartition * 0.8 / 500);
            return Observations.Lane("micro-batch") with
            {
                Point = $"interval={interval}",
                Settings = new Dictionary<string, string> { ["interval"] = FormattableString.Invariant($"{interval}s"), ["visibility"] = "commit-within=200ms" },
                PaceSeconds = 2,
                Partitions = 20,
                Records = perPartition * 20,
                RecordsPerSecond = perPartition / 2,
                FreshnessP50 = Measured.Once(0.2 + (0.5 * operation.WaitSeconds) + (0.6 * operation.DrainSeconds)),
                FreshnessP99 = Measured.Once(0.2 + operation.WaitSeconds + (1.2 * operation.DrainSeconds)),
                Used = Observations.Lane("micro-batch").Used with
                {
                    SolrRequestsPerPartition = requests,
                    CoreSecondsPerMillion = Measured.Once(30 + (0.002 * requests / perPartition * 1e6) + (0.2 * 1e6 / (perPartition / 2))),
                },
            };
        }),
    ];
}
