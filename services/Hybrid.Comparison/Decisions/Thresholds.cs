using System.Globalization;
using Hybrid.Comparison.Cost;
using Hybrid.Comparison.Evidence;
using Hybrid.Comparison.Reporting;

namespace Hybrid.Comparison.Decisions;

/// <summary>Finds what would change the answer: it asks again with one thing changed at a time.</summary>
internal sealed class Thresholds(MeasuredEvidence evidence, Requirement requirement, Pricing prices)
{
    private const double LeastVolume = 1e3;
    private const double GreatestVolume = 1e12;
    private const double LeastFactor = 0.01;
    private const double GreatestFactor = 100;
    private const int StepsPerDecade = 8;
    private const int Bisections = 24;
    private const double JustBelow = 1 - 1e-9;

    private readonly Choice _choice = Decider.Choose(evidence, requirement, prices);

    /// <summary>The thresholds, the nearest question first.</summary>
    public IReadOnlyList<Threshold> Find() =>
        [.. Tighter(), .. Looser(), .. State(), .. Restart(), .. Budget(), .. Volume(), .. BrokerPrice()];

    private IEnumerable<Threshold> Tighter()
    {
        if (_choice.Winner is { Freshness: { } freshness } winner)
        {
            var next = Ask(requirement with { FreshnessSeconds = freshness.Worst * JustBelow });
            yield return new Threshold("freshness", freshness.Worst, Name(next), $"a freshness below {Figures.Seconds(freshness.Worst)}: {Text(next, winner)}");
        }
    }

    /// <summary>Each step down in price that waiting longer would buy, the nearest first.</summary>
    private IEnumerable<Threshold> Looser()
    {
        var least = double.PositiveInfinity;
        foreach (var cheaper in Cheaper(Question.Freshness).Where(candidate => candidate.Freshness is not null)
            .OrderBy(candidate => candidate.Freshness!.Value.Worst).ThenBy(candidate => candidate.PerMonth!.Value.Value))
        {
            if (cheaper.PerMonth!.Value.Value < least)
            {
                least = cheaper.PerMonth.Value.Value;
                var from = cheaper.Freshness!.Value.Worst;
                yield return new Threshold("freshness", from, cheaper.Lane.Name, $"a freshness of {Figures.Seconds(from)} or more: {Text(cheaper, _choice.Winner)}");
            }
        }
    }

    private IEnumerable<Threshold> State()
    {
        var next = Ask(requirement with { Stateful = !requirement.Stateful });
        if (Changes(next))
        {
            yield return new Threshold("state", null, Name(next), $"{(requirement.Stateful ? "no state across events" : "state across events")}: {Text(next, _choice.Winner)}");
        }
    }

    private IEnumerable<Threshold> Restart()
    {
        foreach (var cheaper in Cheaper(Question.Restart).Take(1))
        {
            yield return new Threshold("downtime", null, cheaper.Lane.Name, $"a longer --max-downtime: {cheaper.Checks.First(check => check.Question == Question.Restart).Because}; {Text(cheaper)}");
        }
    }

    private IEnumerable<Threshold> Budget()
    {
        if (_choice.Winner is null && _choice.Candidates.Where(candidate => candidate.FailsOnly(Question.Cost)).MinBy(candidate => candidate.PerMonth!.Value.Value) is { } dear)
        {
            yield return new Threshold("budget", dear.PerMonth!.Value.Value, dear.Lane.Name, $"a budget of {Figures.Money(dear.PerMonth.Value.Value, prices.Currency)} a month: {Text(dear)}");
        }
    }

    private IEnumerable<Threshold> Volume()
    {
        foreach (var up in (bool[])[true, false])
        {
            if (FirstChange(requirement.Load.EventsPerDay, up ? GreatestVolume : LeastVolume, volume => Ask(requirement with { Load = requirement.Load with { EventsPerDay = volume } })) is var (at, next))
            {
                yield return new Threshold("eventsPerDay", at, Name(next), $"{(up ? "more than" : "fewer than")} {Figures.Large(at)} events a day: {Text(next, null)}");
            }
        }
    }

    private IEnumerable<Threshold> BrokerPrice()
    {
        if (requirement.Load.Bounded || prices.Kafka.BrokerHour <= 0)
        {
            yield break;
        }

        foreach (var limit in (double[])[LeastFactor, GreatestFactor])
        {
            var change = FirstChange(
                1,
                limit,
                factor => Decider.Choose(evidence, requirement, prices with { Kafka = prices.Kafka with { BrokerHour = prices.Kafka.BrokerHour * factor } }));
            if (change is var (factor, next))
            {
                var price = prices.Kafka.BrokerHour * factor;
                yield return new Threshold("kafka.brokerHour", price, Name(next), $"a broker-hour {(limit < 1 ? "below" : "above")} {Figures.Money(price, prices.Currency)}: {Text(next, null)}");
            }
        }
    }

    /// <summary>Candidates that only this question keeps out and that cost less than the winner, the cheapest first.</summary>
    private IEnumerable<Candidate> Cheaper(Question question) => _choice.Candidates
        .Where(candidate => candidate.FailsOnly(question))
        .Where(candidate => _choice.Winner is null || candidate.PerMonth!.Value.Value < _choice.Winner.PerMonth!.Value.Value)
        .OrderBy(candidate => candidate.PerMonth!.Value.Value);

    /// <summary>Walks from one value to another in equal ratios until the lane chosen is another one, then closes in on where.</summary>
    private (double At, Choice Next)? FirstChange(double from, double to, Func<double, Choice> ask)
    {
        if (_choice.Winner is null || from == to)
        {
            return null;
        }

        var steps = Math.Max(1, (int)Math.Ceiling(Math.Abs(Math.Log10(to / from)) * StepsPerDecade));
        var ratio = Math.Pow(to / from, 1.0 / steps);
        var same = from;
        for (var step = 1; step <= steps; step++)
        {
            var at = from * Math.Pow(ratio, step);
            if (!Changes(ask(at)))
            {
                same = at;
                continue;
            }

            var other = at;
            for (var i = 0; i < Bisections; i++)
            {
                var middle = Math.Sqrt(same * other);
                (same, other) = Changes(ask(middle)) ? (same, middle) : (middle, other);
            }

            return (other, ask(other));
        }

        return null;
    }

    private Choice Ask(Requirement changed) => Decider.Choose(evidence, changed, prices);

    private bool Changes(Choice next) => next.Winner?.Lane.Lane != _choice.Winner?.Lane.Lane;

    private string Text(Choice next, Candidate? than) => next.Winner is { } winner ? Text(winner, than) : "no measured lane";

    private string Text(Candidate candidate, Candidate? than = null)
    {
        var cost = $"{candidate.Lane.Name}, at {Figures.Money(candidate.PerMonth!.Value.Value, prices.Currency)} a month";
        return than is null || than.PerMonth!.Value.Value <= 0
            ? cost
            : string.Create(CultureInfo.InvariantCulture, $"{cost} ({(candidate.PerMonth.Value.Value / than.PerMonth.Value.Value) - 1:+0 %;-0 %;+0 %})");
    }

    private static string? Name(Choice next) => next.Winner?.Lane.Name;
}

/// <summary>One change that would change the answer.</summary>
/// <param name="Of">What changes: freshness (seconds), eventsPerDay, kafka.brokerHour, budget, state or downtime.</param>
/// <param name="At">From where on; null where it is no number.</param>
/// <param name="Then">The lane it would be; null for none.</param>
/// <param name="Text">The same in words.</param>
internal sealed record Threshold(string Of, double? At, string? Then, string Text);
