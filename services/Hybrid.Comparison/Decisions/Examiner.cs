using System.Globalization;
using Hybrid.Comparison.Cost;
using Hybrid.Comparison.Evidence;
using Hybrid.Comparison.Experiments;
using Hybrid.Comparison.Reporting;

namespace Hybrid.Comparison.Decisions;

/// <summary>Holds what was measured to a requirement, question by question.</summary>
internal sealed class Examiner(MeasuredEvidence evidence, Requirement requirement, Pricing prices)
{
    /// <summary>Every lane as it was set in a measured run, with its answers, in the order of the report.</summary>
    public IReadOnlyList<Candidate> Examine() =>
    [
        .. evidence.Candidates
            .Where(lane => requirement.Lanes.Count == 0 || requirement.Lanes.Contains(lane.Lane))
            .Select(Examine),
    ];

    private Candidate Examine(Observation lane)
    {
        var freshness = FreshnessOf(lane);
        var total = CostModel.PerMonth(lane, requirement.Load, prices);
        return new Candidate
        {
            Lane = lane,
            Freshness = freshness,
            Bill = CostModel.BillOf(lane, requirement.Load, prices),
            PerMonth = total,
            Checks = [Correct(lane), Freshness(freshness), State(lane), Bounded(lane), Restart(lane), Cost(total)],
        };
    }

    /// <summary>
    /// A replay runs faster than the clock: a job is as much staler in production as its schedule is longer there than in the replay; what is
    /// always on is as fresh as it was.
    /// </summary>
    private Measured? FreshnessOf(Observation lane)
    {
        var measured = requirement.Percentile switch
        {
            FreshnessPercentile.P50 => lane.FreshnessP50,
            FreshnessPercentile.P95 => lane.FreshnessP95,
            _ => lane.FreshnessP99,
        };
        if (!LaneTraits.Of(lane.Lane).IsScheduled)
        {
            return measured;
        }

        var longer = Math.Max(0, CostModel.ScheduleSeconds(lane, requirement.Load.PartitionPeriod) - lane.ScheduleSecondsOfRun) * (requirement.Percentile == FreshnessPercentile.P50 ? 0.5 : 1);
        return measured?.Through(seconds => seconds + longer);
    }

    private Check Correct(Observation lane) =>
        lane.Faults.Count > 0 ? new Check(Question.Correct, Outcome.Missed, lane.Faults[0])
        : evidence.Losses.TryGetValue(lane.Lane, out var loss) ? new Check(Question.Correct, Outcome.Missed, $"its index did not end right in {loss}")
        : evidence.Restarts.FirstOrDefault(restart => restart.Lane == lane.Lane && restart.MustConverge && restart.Converged == false) is { } restart
            ? new Check(Question.Correct, Outcome.Missed, $"its index did not end right after {restart.What}")
        : new Check(Question.Correct, Outcome.Met, "it ended in the right index, and every line is accounted for");

    private Check Freshness(Measured? freshness)
    {
        if (requirement.FreshnessSeconds is not { } target)
        {
            return new Check(Question.Freshness, Outcome.Met, freshness is { } any ? $"nothing was asked; it was {Spread.Seconds(any)}" : "nothing was asked");
        }

        return freshness is not { } measured
            ? new Check(Question.Freshness, Outcome.NotMeasured, "no canary of it was seen")
            : new Check(
                Question.Freshness,
                measured.Worst <= target ? Outcome.Met : Outcome.Missed,
                measured.Worst <= target ? $"{Spread.Seconds(measured)}, within {Figures.Seconds(target)} in every run" : $"{Figures.Seconds(measured.Worst)} in its worst run, {Figures.Seconds(target)} asked");
    }

    private Check State(Observation lane) => !requirement.Stateful
        ? new Check(Question.State, Outcome.Met, "not needed")
        : LaneCatalog.HasWindows(lane.Lane)
            ? new Check(Question.State, Outcome.Met, "it counts signals over a window, and they were held to the truth")
            : new Check(Question.State, Outcome.Missed, "it keeps no state across events here");

    /// <summary>Every lane can end with its input; the answer decides what is paid, not who is left.</summary>
    private Check Bounded(Observation lane) => new(
        Question.Bounded,
        Outcome.Met,
        requirement.Load.Bounded ? "the input ends: only the work is paid"
            : LaneTraits.Of(lane.Lane).IsScheduled ? "the input does not end: one job after the other" : "the input does not end: it stays on");

    private Check Restart(Observation lane)
    {
        var restarts = evidence.Restarts.Where(restart => restart.Lane == lane.Lane && restart.MustConverge && restart.PeakStaleness is not null).ToArray();
        if (restarts.MaxBy(Beyond) is not { } worst)
        {
            return requirement.DowntimeSeconds is null
                ? new Check(Question.Restart, Outcome.Met, "nothing was asked, and no restart was measured")
                : new Check(Question.Restart, Outcome.NotMeasured, "no restart of it was measured");
        }

        var staleness = Beyond(worst);
        var said = $"{Figures.Seconds(staleness)} stale at worst, through {worst.What}" + (worst.OutageSeconds > 0 ? $" (the {Figures.Seconds(worst.OutageSeconds)} away left out)" : "");
        return requirement.DowntimeSeconds is not { } most ? new Check(Question.Restart, Outcome.Met, $"nothing was asked; {said}")
            : new Check(Question.Restart, staleness <= most ? Outcome.Met : Outcome.Missed, $"{said}; {Figures.Seconds(most)} asked");
    }

    private Check Cost(Measured? total) => total is not { } perMonth
        ? new Check(Question.Cost, Outcome.NotMeasured, "its processor time was not measured")
        : requirement.BudgetPerMonth is { } most && perMonth.Value > most
            ? new Check(Question.Cost, Outcome.Missed, $"{Spread.Money(perMonth, prices.Currency)} a month, {Figures.Money(most, prices.Currency)} at most asked")
            : new Check(Question.Cost, Outcome.Met, string.Create(CultureInfo.InvariantCulture, $"{Spread.Money(perMonth, prices.Currency)} a month"));

    private static double Beyond(RestartEvidence restart) => Math.Max(0, restart.PeakStaleness!.Value.Worst - restart.OutageSeconds);
}
