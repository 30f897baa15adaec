namespace Hybrid.Comparison.Convergence;

/// <summary>How long and with what <see cref="ConvergenceRunner"/> runs.</summary>
public sealed record ConvergenceOptions
{
    /// <summary>The first round's seed, 0 or more; each round's is one more. A round's input, settings and faults follow from its seed.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>How many rounds, 1 or more; null for no end.</summary>
    public int? Rounds { get; init; }

    /// <summary>After how long no other round is begun, wall time; null for no end.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>The lanes, all in every round; empty for every lane that this build has.</summary>
    public IReadOnlyList<string> Lanes { get; init; } = [];

    /// <summary>Rounds at once, 1 to 16, each on a sandbox of its own.</summary>
    public int Parallel { get; init; } = 2;

    /// <summary>How long a lane may stand still short of the truth, no fault being in force, before it is taken to have diverged.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where logs and the sandboxes' data go, which has to be empty or absent; null takes a temporary directory, deleted when everything held.</summary>
    public string? DataDirectory { get; init; }
}

/// <summary>One round: an input, its faults, and what every lane made of it.</summary>
/// <param name="Seed">What everything in it follows from.</param>
/// <param name="Lanes">The lanes that took part.</param>
/// <param name="Lines">Lines put.</param>
/// <param name="Documents">Documents that the truth shows.</param>
/// <param name="Tally">What befell it, by kind.</param>
/// <param name="Took">Wall time.</param>
/// <param name="Violations">What does not hold, a line each; empty when everything does.</param>
public sealed record ConvergenceRound(
    long Seed, IReadOnlyList<string> Lanes, long Lines, long Documents, IReadOnlyDictionary<string, int> Tally, TimeSpan Took, IReadOnlyList<string> Violations);

/// <summary>What a run found.</summary>
/// <param name="Rounds">Every round that came to its end, in that order.</param>
/// <param name="DataDirectory">Where logs and data are kept; null when they were deleted.</param>
public sealed record ConvergenceResult(IReadOnlyList<ConvergenceRound> Rounds, string? DataDirectory)
{
    /// <summary>The rounds that did not hold.</summary>
    public IEnumerable<ConvergenceRound> Failed => Rounds.Where(round => round.Violations.Count > 0);
}
