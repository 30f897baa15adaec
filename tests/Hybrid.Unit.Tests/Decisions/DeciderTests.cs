using Hybrid.Comparison.Cost;
using Hybrid.Comparison.Decisions;
using Hybrid.Comparison.Evidence;
using static Hybrid.Unit.Tests.Decisions.Observations;

namespace Hybrid.Unit.Tests.Decisions;

public class DeciderTests
{
    private static readonly Pricing s_prices = PricingFile.Examples();
    private static readonly Requirement s_requirement = new() { Load = new Workload(86_400e5, TimeSpan.FromMinutes(5), Bounded: false) };

    [Fact]
    public void NothingMeasured_NamesNoLane() => Assert.Null(Choose(Evidence([]), s_requirement).Winner);

    [Fact]
    public void CheapestThatIsFreshEnough_Wins()
    {
        var evidence = Evidence([Lane("streaming", 0.3, 90), Lane("micro-batch", 1.4, 40)]);
        Assert.Equal("micro-batch", Winner(evidence, s_requirement with { FreshnessSeconds = 2 }));
        Assert.Equal("streaming", Winner(evidence, s_requirement with { FreshnessSeconds = 1 }));
        Assert.Null(Winner(evidence, s_requirement with { FreshnessSeconds = 0.2 }));
    }

    [Fact]
    public void FreshnessMissedInOneRunOfThree_IsNotMet()
    {
        var lane = Lane("streaming") with { FreshnessP99 = new Measured(1, 0.9, 1.1, Worst: 1.3, 3) };
        Assert.Null(Winner(Evidence([lane]), s_requirement with { FreshnessSeconds = 1.2 }));
    }

    [Fact]
    public void ScheduledLane_IsAsStaleAsItsScheduleIsLongAtTheUsersPeriod()
    {
        // A job every five minutes of event time was one every 0.2 s of the replay.
        var evidence = Evidence([Lane("batch", 0.5, 10)]);
        Assert.Null(Winner(evidence, s_requirement with { FreshnessSeconds = 30 }));
        Assert.Equal("batch", Winner(evidence, s_requirement with { FreshnessSeconds = 310 }));
    }

    [Fact]
    public void LaneThatDidNotConverge_NeverWins()
    {
        var evidence = Evidence([Lane("streaming", faults: ["2 missing"]), Lane("micro-batch", coreSeconds: 500)]);
        Assert.Equal("micro-batch", Winner(evidence, s_requirement));
        Assert.Null(Winner(Evidence([Lane("streaming")], Restart("streaming", 3, converged: false)), s_requirement));
        Assert.Null(Winner(Evidence([Lane("streaming")]) with { Losses = new Dictionary<string, string> { ["streaming"] = "faults (fault=solr-stalled)" } }, s_requirement));
    }

    [Fact]
    public void RestartThatWasToSkip_NeedNotConverge() =>
        Assert.Equal("streaming", Winner(Evidence([Lane("streaming")], Restart("streaming", 3, converged: false, policy: "latest")), s_requirement));

    [Fact]
    public void MaxDowntime_HoldsTheWorstRestart_AndRefusesALaneThatWasNeverRestarted()
    {
        var evidence = Evidence([Lane("streaming", coreSeconds: 90), Lane("micro-batch", coreSeconds: 40)], Restart("streaming", 12));
        Assert.Equal("streaming", Winner(evidence, s_requirement with { DowntimeSeconds = 15 }));
        Assert.Null(Winner(evidence, s_requirement with { DowntimeSeconds = 10 }));
        var check = Choose(evidence, s_requirement with { DowntimeSeconds = 15 }).Candidates[1].Checks.Single(check => check.Question == Question.Restart);
        Assert.Equal(Outcome.NotMeasured, check.Outcome);
    }

    [Fact]
    public void MaxDowntime_LeavesOutTheTimeThatTheLaneWasKeptAwayOnPurpose() =>
        Assert.Equal("streaming", Winner(Evidence([Lane("streaming")], Restart("streaming", 65, outage: 60)), s_requirement with { DowntimeSeconds = 10 }));

    [Fact]
    public void Stateful_StrikesOutLanesWithoutWindows()
    {
        var evidence = Evidence([Lane("counter", coreSeconds: 10), Lane("micro-batch", coreSeconds: 40)]);
        Assert.Equal("counter", Winner(evidence, s_requirement));
        Assert.Equal("micro-batch", Winner(evidence, s_requirement with { Stateful = true }));
    }

    [Fact]
    public void Budget_IsHeldAgainstTheMonth()
    {
        var evidence = Evidence([Lane("micro-batch")]);
        var month = Choose(evidence, s_requirement).Winner!.PerMonth!.Value.Value;
        Assert.Equal("micro-batch", Winner(evidence, s_requirement with { BudgetPerMonth = month + 1 }));
        Assert.Null(Winner(evidence, s_requirement with { BudgetPerMonth = month - 1 }));
    }

    [Theory]
    [InlineData(40, 90, 3, "Beyond")]
    [InlineData(40, 40.5, 3, "Noise")]
    [InlineData(40, 90, 1, "Unknown")]
    public void Margin_IsNoneWithinTheSpread_AndUnknownOfOneRun(double first, double second, int repetitions, string kind)
    {
        var choice = Choose(Evidence([Lane("micro-batch", coreSeconds: first, repetitions: repetitions), Lane("streaming", coreSeconds: second, repetitions: repetitions)]), s_requirement);
        Assert.Equal(kind, choice.Margin!.Value.Kind.ToString());
        Assert.True(choice.Margin.Value.Share > 0);
    }

    [Fact]
    public void Margin_IsOverAnotherLane_NotOverAnotherSettingOfTheSame()
    {
        var choice = Choose(Evidence([Lane("micro-batch", coreSeconds: 40), Lane("micro-batch", coreSeconds: 41, point: "interval=2s"), Lane("streaming", coreSeconds: 90)]), s_requirement);
        Assert.Equal("streaming", choice.RunnerUp!.Lane.Lane);
    }

    private static string? Winner(MeasuredEvidence evidence, Requirement requirement) => Choose(evidence, requirement).Winner?.Lane.Lane;

    private static Choice Choose(MeasuredEvidence evidence, Requirement requirement) => Decider.Choose(evidence, requirement, s_prices);
}
