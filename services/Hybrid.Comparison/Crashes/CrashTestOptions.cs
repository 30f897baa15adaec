namespace Hybrid.Comparison.Crashes;

/// <summary>How often and how hard the sandbox is killed.</summary>
public sealed record CrashTestOptions
{
    /// <summary>How many times the sandbox is killed and checked, 1 or more.</summary>
    public int Rounds { get; init; } = 200;

    /// <summary>Decides what is written, and when the kills come after a round has begun.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Where the sandbox keeps its data, which has to be empty or absent; null takes a temporary directory, deleted when nothing was lost.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>How long a round's load runs at most before the kill, once every client has been answered; at least 50 ms.</summary>
    public TimeSpan LongestLoad { get; init; } = TimeSpan.FromMilliseconds(600);
}

/// <summary>One round: load, kill, restart, check.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Load">How long the load ran after every client had been answered.</param>
/// <param name="ClientsSurvived">Whether the Kafka clients lived through the kill and went on, or were given up and replaced.</param>
/// <param name="KilledStarts">How many starts were themselves killed before the one that was checked.</param>
/// <param name="Restart">From the start of the process until every service answered.</param>
/// <param name="Check">How long the check took.</param>
/// <param name="Acknowledged">How many writes each service has acknowledged so far.</param>
/// <param name="Violations">What was lost, torn or doubled, a line each; empty when everything holds.</param>
public sealed record CrashRound(
    int Number,
    TimeSpan Load,
    bool ClientsSurvived,
    int KilledStarts,
    TimeSpan Restart,
    TimeSpan Check,
    IReadOnlyDictionary<string, long> Acknowledged,
    IReadOnlyList<string> Violations);

/// <summary>What a crash test found.</summary>
/// <param name="Rounds">Every round, in order; the last one is the one that failed, if one did.</param>
/// <param name="DataDirectory">Where the data is kept for a look at it; null when it was deleted.</param>
public sealed record CrashTestResult(IReadOnlyList<CrashRound> Rounds, string? DataDirectory)
{
    /// <summary>What was lost, torn or doubled; empty when everything held.</summary>
    public IReadOnlyList<string> Violations => Rounds.Count > 0 ? Rounds[^1].Violations : [];
}
