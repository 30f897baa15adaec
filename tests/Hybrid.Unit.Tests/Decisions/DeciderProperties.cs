using FsCheck;
using FsCheck.Fluent;
using Hybrid.Comparison.Cost;
using Hybrid.Comparison.Decisions;
using Hybrid.Comparison.Evidence;
using Outcome = Hybrid.Comparison.Decisions.Outcome;

namespace Hybrid.Unit.Tests.Decisions;

/// <summary>What holds of every answer, whatever was measured and asked.</summary>
public class DeciderProperties
{
    private const int Tests = 300;
    private const int SearchingTests = 40;
    private static readonly Pricing s_prices = PricingFile.Examples();

    private static readonly Gen<Observation> s_lanes =
        from name in Gen.Elements("batch", "direct", "micro-batch", "streaming", "counter")
        from freshness in Gen.Choose(1, 10_000)
        from core in Gen.Choose(1, 5_000)
        from spread in Gen.Choose(0, 60)
        from repetitions in Gen.Choose(1, 4)
        from point in Gen.Choose(0, 3)
        from sound in Gen.Choose(0, 3)
        select Observations.Lane(name, freshness / 1e2, core, spread / 1e2, repetitions, point == 0 ? "" : $"interval={point}s", sound == 0 ? ["the index did not converge"] : []);

    private static readonly Gen<MeasuredEvidence> s_evidence =
        from lanes in s_lanes.ListOf()
        from staleness in Gen.Choose(0, 600)
        from restarted in Gen.Elements("micro-batch", "streaming", "direct")
        select Observations.Evidence([.. lanes], Observations.Restart(restarted, staleness));

    private static readonly Gen<Requirement> s_requirements =
        from freshness in Gen.Choose(0, 12_000)
        from percentile in Gen.Elements(Enum.GetValues<FreshnessPercentile>())
        from stateful in Gen.Elements(true, false)
        from volume in Gen.Choose(3, 11)
        from period in Gen.Choose(1, 3_600)
        from bounded in Gen.Elements(true, false)
        from downtime in Gen.Choose(0, 1_000)
        from budget in Gen.Choose(0, 3_000)
        select new Requirement
        {
            FreshnessSeconds = freshness == 0 ? null : freshness / 1e2,
            Percentile = percentile,
            Stateful = stateful,
            Load = new Workload(Math.Pow(10, volume), TimeSpan.FromSeconds(period), bounded),
            DowntimeSeconds = downtime > 700 ? null : downtime,
            BudgetPerMonth = budget > 2_000 ? null : budget,
        };

    [Fact]
    public void LooserRequirement_NeverPicksADearerLane_AndNeverLosesAnAnswer() => ForAll((evidence, requirement) =>
    {
        Requirement[] looser =
        [
            requirement with { FreshnessSeconds = requirement.FreshnessSeconds * 3 },
            requirement with { FreshnessSeconds = null },
            requirement with { Stateful = false },
            requirement with { DowntimeSeconds = requirement.DowntimeSeconds + 100 },
            requirement with { DowntimeSeconds = null },
            requirement with { BudgetPerMonth = requirement.BudgetPerMonth * 2 },
            requirement with { BudgetPerMonth = null },
            requirement.Percentile == FreshnessPercentile.P50 ? requirement : requirement with { Percentile = requirement.Percentile - 1 },
        ];
        return Month(evidence, requirement) is not { } month || looser.All(loose => Month(evidence, loose) <= month);
    });

    [Fact]
    public void Winner_ConvergedAndMetEverythingInEveryRun() => ForAll((evidence, requirement) =>
        Choose(evidence, requirement).Winner is not { } winner
        || (winner.Lane.Faults.Count == 0
            && winner.Checks.All(check => check.Outcome == Outcome.Met)
            && !(requirement.Stateful && winner.Lane.Lane == "counter")
            && (requirement.FreshnessSeconds is not { } freshness || winner.Freshness!.Value.Worst <= freshness)
            && (requirement.BudgetPerMonth is not { } budget || winner.PerMonth!.Value.Value <= budget)
            && (requirement.DowntimeSeconds is not { } downtime || evidence.Restarts.Any(restart => restart.Lane == winner.Lane.Lane && restart.PeakStaleness!.Value.Worst <= downtime))));

    [Fact]
    public void NoEligibleCandidate_IsCheaperThanTheWinner() => ForAll((evidence, requirement) =>
    {
        var choice = Choose(evidence, requirement);
        return choice.Candidates.Where(candidate => candidate.IsEligible).All(candidate => choice.Winner!.PerMonth!.Value.Value <= candidate.PerMonth!.Value.Value);
    });

    [Fact]
    public void MoreOfTheSame_NeverMakesTheAnswerDearer() => Prop.ForAll(s_evidence.ToArbitrary(), s_lanes.ToArbitrary(), s_requirements.ToArbitrary(), (evidence, lane, requirement) =>
        Month(evidence, requirement) is not { } month || Month(evidence with { Candidates = [.. evidence.Candidates, lane] }, requirement) <= month)
        .Check(Config.QuickThrowOnFailure.WithMaxTest(Tests));

    [Fact]
    public void Order_OfTheRuns_DoesNotMatter() => ForAll((evidence, requirement) =>
        Month(evidence, requirement) == Month(evidence with { Candidates = [.. evidence.Candidates.Reverse()] }, requirement));

    [Fact]
    public void Threshold_OfFreshness_IsWhereTheAnswerChanges() => ForAll((evidence, requirement) =>
    {
        var answer = Choose(evidence, requirement).Winner;
        return new Thresholds(evidence, requirement, s_prices).Find().Where(threshold => threshold.Of == "freshness").All(threshold =>
        {
            var above = Choose(evidence, requirement with { FreshnessSeconds = threshold.At }).Winner;
            var below = Choose(evidence, requirement with { FreshnessSeconds = threshold.At * (1 - 1e-6) }).Winner;
            return above?.Lane.Id != below?.Lane.Id || above?.PerMonth != below?.PerMonth || Ties(evidence, requirement, answer);
        });
    }, SearchingTests);

    [Fact]
    public void Threshold_OfVolume_LeadsToAnotherLane() => ForAll((evidence, requirement) =>
    {
        var answer = Choose(evidence, requirement).Winner;
        return new Thresholds(evidence, requirement, s_prices).Find().Where(threshold => threshold.Of == "eventsPerDay").All(threshold =>
            Choose(evidence, requirement with { Load = requirement.Load with { EventsPerDay = threshold.At!.Value } }).Winner?.Lane.Lane != answer!.Lane.Lane);
    }, SearchingTests);

    /// <summary>Several candidates of one price and one freshness cannot be told apart.</summary>
    private static bool Ties(MeasuredEvidence evidence, Requirement requirement, Candidate? answer) =>
        answer is not null && Choose(evidence, requirement).Candidates.Count(candidate => candidate.Lane.Id == answer.Lane.Id) > 1;

    private static double? Month(MeasuredEvidence evidence, Requirement requirement) => Choose(evidence, requirement).Winner?.PerMonth!.Value.Value;

    private static Choice Choose(MeasuredEvidence evidence, Requirement requirement) => Decider.Choose(evidence, requirement, s_prices);

    private static void ForAll(Func<MeasuredEvidence, Requirement, bool> holds, int tests = Tests) =>
        Prop.ForAll(s_evidence.ToArbitrary(), s_requirements.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(tests));
}
