using Hybrid.Comparison.Experiments;
using Hybrid.Comparison.Experiments.Plans;
using Hybrid.Comparison.Experiments.Running;
using Hybrid.Comparison.Load.Input;
using Hybrid.Comparison.Observer;
using Hybrid.Comparison.Truth;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Unit.Tests.Experiments;

/// <summary>How the time is divided, and what is left out when there is too little of it.</summary>
public sealed class PlanningTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Plan_ThatDoesNotFit_LosesRepetitionsOfTheMostRepeatedFirstAndNoneThatAConclusionNeeds()
    {
        PlannedWork[] meant = [new(ExperimentKinds.Frontier, 10, 4, 4 * s_second), new(ExperimentKinds.Faults, 10, 2, 4 * s_second)];
        Assert.Equal([4, 2], Repetitions(null));
        Assert.Equal([4, 2], Repetitions(300 * s_second));
        Assert.Equal([3, 2], Repetitions(299 * s_second));
        Assert.Equal([2, 2], Repetitions(249 * s_second));
        Assert.Equal([2, 2], Repetitions(s_second));

        IEnumerable<int> Repetitions(TimeSpan? available) => PlannedWork.Fit(meant, available, s_second, least: 2).Select(work => work.Repetitions);
    }

    [Fact]
    public void Budget_GivesEachExperimentItsShareOfTheWorkAndNothingPastIt()
    {
        PlannedWork frontier = new(ExperimentKinds.Frontier, 3, 1, 9 * s_second);
        PlannedWork faults = new(ExperimentKinds.Faults, 9, 1, 9 * s_second);
        var budget = new TimeBudget(80 * s_second, s_second);
        budget.Begin([frontier, faults]);
        Assert.True(budget.Allows(15 * s_second));
        Assert.False(budget.Allows(25 * s_second));
        budget.Begin([faults]);
        Assert.True(budget.Allows(70 * s_second));
        budget.Took(10 * s_second, 90 * s_second);
        Assert.False(budget.Allows(s_second));
        Assert.True(new TimeBudget(null, s_second).Allows(TimeSpan.FromDays(1)));
    }

    [Fact]
    public void Freshness_WhichAllElseStandsBeside_IsMadeWholeAndTheOthersShareWhatIsLeft()
    {
        PlannedWork freshness = new(ExperimentKinds.Freshness, 2, 3, 9 * s_second);
        PlannedWork frontier = new(ExperimentKinds.Frontier, 5, 3, 9 * s_second);
        Assert.Equal([3, 2], PlannedWork.Fit([freshness, frontier], 160 * s_second, s_second, least: 1).Select(work => work.Repetitions));
        Assert.Equal([3, 1], PlannedWork.Fit([freshness, frontier], s_second, s_second, least: 1).Select(work => work.Repetitions));
        Assert.Equal([3], PlannedWork.Fit([freshness], s_second, s_second, least: 1).Select(work => work.Repetitions));
        var budget = new TimeBudget(100 * s_second, s_second);
        budget.Begin([freshness, frontier]);
        Assert.True(budget.Allows(98 * s_second));
        Assert.False(budget.Allows(101 * s_second));
        budget.Begin([frontier, frontier]);
        Assert.False(budget.Allows(60 * s_second));
    }

    [Fact]
    public void Standard_RunsDisturbancesAsOftenAsAConclusionNeedsAndRepeatGoesBeforeIt()
    {
        var standard = ExperimentProfiles.Read(new ExperimentOptions { Profile = "standard" });
        Assert.Equal([3, 3, 1, 2, 2, 3], Repetitions(standard));
        Assert.True(standard.RepeatOf(ExperimentKinds.Restart) >= standard.MinimumRuns);
        Assert.Equal([5, 5, 1, 5, 5, 5], Repetitions(ExperimentProfiles.Read(new ExperimentOptions { Profile = "standard", Repeat = 5 })));

        static IEnumerable<int> Repetitions(ExperimentSettings settings) => new[]
        {
            ExperimentKinds.Freshness, ExperimentKinds.Frontier, ExperimentKinds.Load, ExperimentKinds.Restart, ExperimentKinds.Faults, ExperimentKinds.Cost,
        }.Select(settings.RepeatOf);
    }

    [Theory]
    [InlineData("quick", 4)]
    [InlineData("standard", 20)]
    public void Profile_WithTwoLanes_FitsItsTimeWithoutLosingARepetition(string name, int minutes)
    {
        string[] lanes = ["micro-batch", "streaming"];
        var settings = ExperimentProfiles.Read(new ExperimentOptions { Profile = name });
        var budget = Times.Parse(settings.Budget!);
        Assert.True(budget < TimeSpan.FromMinutes(minutes));
        var replay = Times.Parse(settings.Pace) * settings.Partitions;
        var planned = settings.Experiments.Select(kind => ExperimentCampaign.Plan(kind, lanes, settings, replay, hasSandbox: true)).ToArray();
        Assert.Equal(planned, PlannedWork.Fit(planned, budget, 3 * s_second, settings.MinimumRuns));
    }

    [Theory]
    [InlineData(1, 3, 4)]
    [InlineData(2, 2, 4)]
    [InlineData(3, 1, 4)]
    public void Stretch_IsTheOneWithTheMostRecords_AndTheFirstOfEqualOnes(int periods, int from, int to)
    {
        var start = new DateTimeOffset(2026, 1, 2, 3, 0, 0, TimeSpan.Zero);
        var length = TimeSpan.FromMinutes(5);
        (int At, long Records)[] partitions = [(0, 4), (1, 4), (2, 4), (3, 6), (6, 6)];
        var input = new ScannedInput(
            new PartitionLayout(PartitionLayout.DefaultTemplate, length),
            [.. partitions.Select(one => new InputPartition(new PartitionId(start + (length * one.At), length), [new InputObject("key", 1, TimeSpan.Zero, Array.Empty<Canary>(), one.Records)]))],
            new IndexTruth(), new Dictionary<string, SignalsEntry>(), 24, 24, 0, null);
        Assert.Equal((start + (length * from), start + (length * to)), BusiestStretch.Of(input, periods));
    }
}
