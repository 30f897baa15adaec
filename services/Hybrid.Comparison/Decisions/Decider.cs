using Hybrid.Comparison.Cost;
using Hybrid.Comparison.Evidence;

namespace Hybrid.Comparison.Decisions;

/// <summary>Chooses the cheapest lane that met a requirement in the measured runs. A pure function: the same report, requirement and prices give the same answer.</summary>
internal static class Decider
{
    public static Choice Choose(MeasuredEvidence evidence, Requirement requirement, Pricing prices)
    {
        var candidates = new Examiner(evidence, requirement, prices).Examine();
        Candidate[] eligible =
        [
            .. candidates.Where(candidate => candidate.IsEligible)
                .OrderBy(candidate => candidate.PerMonth!.Value.Value)
                .ThenBy(candidate => candidate.Lane.Lane, StringComparer.Ordinal)
                .ThenBy(candidate => candidate.Lane.Id, StringComparer.Ordinal),
        ];
        var winner = eligible.FirstOrDefault();
        return new Choice
        {
            Candidates = candidates,
            Winner = winner,
            RunnerUp = eligible.FirstOrDefault(candidate => candidate.Lane.Lane != winner?.Lane.Lane),
        };
    }
}

/// <summary>What was chosen, and from what.</summary>
internal sealed record Choice
{
    /// <summary>All candidates, in the order of the report.</summary>
    public required IReadOnlyList<Candidate> Candidates { get; init; }

    /// <summary>The cheapest that met everything; null when none did.</summary>
    public required Candidate? Winner { get; init; }

    /// <summary>The cheapest eligible candidate of another lane; null when there is none.</summary>
    public required Candidate? RunnerUp { get; init; }

    /// <summary>How the two stand to each other in money; null without a runner-up.</summary>
    public Margin? Margin => Winner is { } first && RunnerUp is { } second
        ? Evidence.Margin.Between(first.PerMonth!.Value, second.PerMonth!.Value)
        : null;
}
