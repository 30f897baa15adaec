using System.Globalization;
using Hybrid.Comparison.Cost;
using Hybrid.Comparison.Evidence;
using Hybrid.Comparison.Reporting;
using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Decisions;

/// <summary>Puts a choice into words.</summary>
internal static class AnswerWriter
{
    private const double LeastShare = 0.005;
    private const double Similar = 2;

    public static Answer Write(ComparisonReport report, Requirement requirement, Pricing prices)
    {
        var evidence = EvidenceReader.Read(report);
        var choice = Decider.Choose(evidence, requirement, prices);
        var winner = choice.Winner;
        return new Answer
        {
            Summary = Summary(choice, requirement, prices),
            Lane = winner?.Lane.Lane,
            Point = winner?.Lane.Point,
            PerMonth = Amount(winner?.PerMonth, prices.Currency),
            Bill = winner?.Bill!.Lines.Select(line => new Item(line.Name, line.PerMonth, line.AlwaysOn)).ToArray(),
            Margin = choice.Margin is { } margin ? new MarginAnswer(choice.RunnerUp!.Lane.Name, Kind(margin.Kind), margin.Share) : null,
            Asked = Asked(requirement, prices),
            Candidates = [.. choice.Candidates.Select(candidate => Of(candidate, prices))],
            WouldChange = new Thresholds(evidence, requirement, prices).Find(),
            NotMeasured = [.. Gaps.Of(report, evidence, requirement, choice).Distinct()],
            Prices = $"{prices.Source}, {prices.Date}, {prices.Currency}",
        };
    }

    private static string Summary(Choice choice, Requirement requirement, Pricing prices)
    {
        if (choice.Winner is not { } winner)
        {
            return choice.Candidates.Count == 0
                ? "No lane that you asked about was measured."
                : choice.Candidates.Any(candidate => candidate.Obstacles.Any() && candidate.Obstacles.All(check => check.Outcome == Outcome.NotMeasured))
                    ? "No lane is named: none was measured on everything that you ask."
                    : "No measured lane met the requirement.";
        }

        var freshness = winner.Freshness is { } measured ? $": {requirement.Percentile.ToString().ToLowerInvariant()} freshness {Spread.Seconds(measured)}, " : ": ";
        return $"{winner.Lane.Name} is the cheapest lane that met the requirement{freshness}{Spread.Money(winner.PerMonth, prices.Currency)} a month; {Margins(choice)}.{Beyond(winner.Lane, requirement.Load)}";
    }

    /// <summary>A lane that was measured at another scale is not measured at the user's.</summary>
    private static string Beyond(Observation lane, Workload load)
    {
        var partition = load.RecordsPerSecond * load.PartitionPeriod.TotalSeconds;
        var measured = lane.Records / lane.Partitions;
        return partition <= Similar * measured && load.RecordsPerSecond <= Similar * lane.RecordsPerSecond
            ? ""
            : $" That freshness was measured at {Figures.Rate(lane.RecordsPerSecond)} and {Figures.Large(measured)} records in a partition; yours are {Figures.Rate(load.RecordsPerSecond)} and {Figures.Large(partition)}: ask hybrid project before you rely on it.";
    }

    private static string Margins(Choice choice)
    {
        if (choice.Margin is not { } margin)
        {
            return "no other lane met it";
        }

        var other = choice.RunnerUp!.Lane.Name + (choice.RunnerUp.Freshness is { } freshness ? $" (freshness {Figures.Seconds(freshness.Value)})" : "");
        var costs = margin.Share is { } more && Math.Abs(more) >= LeastShare ? string.Create(CultureInfo.InvariantCulture, $"costs {more:0 %} more") : "costs the same";
        return margin.Kind switch
        {
            MarginKind.Beyond => $"{other} {costs}, beyond the spread of the runs",
            MarginKind.Noise => $"{other} {costs}, which is within the spread of the runs and so no margin: take the one that your team can operate",
            _ => $"{other} {costs}, of one run each, so that nobody knows whether it is a margin: repeat the runs",
        };
    }

    private static Dictionary<string, string> Asked(Requirement requirement, Pricing prices)
    {
        var asked = new Dictionary<string, string>
        {
            ["latency"] = requirement.FreshnessSeconds is { } freshness ? $"{requirement.Percentile.ToString().ToLowerInvariant()} within {Figures.Seconds(freshness)}" : "not asked",
            ["state across events"] = requirement.Stateful ? "needed" : "not needed",
            ["input"] = $"{(requirement.Load.Bounded ? "bounded" : "unbounded")}, {Figures.Large(requirement.Load.EventsPerDay)} events a day, partitions of {Figures.Axis(requirement.Load.PartitionPeriod.TotalSeconds)}",
            ["when it breaks"] = requirement.DowntimeSeconds is { } downtime ? $"{Figures.Seconds(downtime)} stale at most" : "not asked",
            ["total cost"] = requirement.BudgetPerMonth is { } budget ? $"{Figures.Money(budget, prices.Currency)} a month at most" : "the least",
        };
        return asked;
    }

    private static CandidateAnswer Of(Candidate candidate, Pricing prices) => new(
        candidate.Lane.Lane,
        candidate.Lane.Point,
        candidate.Lane.Id,
        Amount(candidate.Freshness, "s"),
        Amount(candidate.PerMonth, prices.Currency),
        candidate.IsEligible,
        [.. candidate.Checks.Select(check => new CheckAnswer(check.Question.ToString().ToLowerInvariant(), Name(check.Outcome), check.Because))]);

    private static Amount? Amount(Measured? figure, string unit) => figure is { } value ? new Amount(value.Value, value.Low, value.High, value.Repetitions, unit) : null;

    private static string Kind(MarginKind kind) => kind switch
    {
        MarginKind.Beyond => "beyond",
        MarginKind.Noise => "noise",
        _ => "unknown",
    };

    private static string Name(Outcome outcome) => outcome switch
    {
        Outcome.Met => "met",
        Outcome.Missed => "missed",
        _ => "notMeasured",
    };
}
