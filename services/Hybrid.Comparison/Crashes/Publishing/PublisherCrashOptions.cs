namespace Hybrid.Comparison.Crashes.Publishing;

/// <summary>How often and under what the publisher is killed.</summary>
public sealed record PublisherCrashOptions
{
    /// <summary>How many kills, 1 or more; the last three in ten befall a source that two shards share.</summary>
    public int Rounds { get; init; } = 100;

    /// <summary>Decides the input, the listings' lag, and where each kill strikes.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>How long an object stays hidden from listings at most, wall time, 100 ms to 30 s; each for half of that at least.</summary>
    public TimeSpan ListingLag { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Where data and logs go, which has to be empty or absent; null takes a temporary directory, deleted when everything held.</summary>
    public string? DataDirectory { get; init; }
}

/// <summary>What a publisher is at when it is killed.</summary>
public enum CrashPhase
{
    /// <summary>Anything: some time after its start, its start included.</summary>
    Any,

    /// <summary>Fencing its predecessor: its transactional id is being initialised.</summary>
    Fence,

    /// <summary>Listing the object store.</summary>
    List,

    /// <summary>Opening an object.</summary>
    Read,

    /// <summary>Sending records.</summary>
    Publish,

    /// <summary>Committing: the broker has the request and has not carried it out.</summary>
    Commit,

    /// <summary>Committing: the broker has carried it out, and the publisher does not know.</summary>
    Committed,
}

/// <summary>One kill.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Phase">What the publisher was at.</param>
/// <param name="Victims">Which shards were killed, such as <c>1/2</c>; empty for a source that is not shared.</param>
/// <param name="Running">How long it had run since the kill before.</param>
/// <param name="Put">Lines put so far.</param>
/// <param name="Seen">Lines that the consumer of committed records has seen so far.</param>
/// <param name="MidObject">Whether an object was published in part.</param>
public sealed record PublisherCrashRound(int Number, CrashPhase Phase, string Victims, TimeSpan Running, long Put, long Seen, bool MidObject);

/// <summary>What a crash test of the publisher found.</summary>
/// <param name="Rounds">Every kill.</param>
/// <param name="Totals">What went through, over all sources.</param>
/// <param name="Violations">What does not hold, a line each; empty when everything does.</param>
/// <param name="DataDirectory">Where data and logs are kept; null when they were deleted.</param>
public sealed record PublisherCrashResult(
    IReadOnlyList<PublisherCrashRound> Rounds, PublishTotals Totals, IReadOnlyList<string> Violations, string? DataDirectory);

/// <summary>What went through.</summary>
/// <param name="Objects">Objects put.</param>
/// <param name="Lines">Lines put.</param>
/// <param name="Records">Records seen.</param>
/// <param name="DeadLetters">Dead letters seen.</param>
/// <param name="Late">Objects that the publisher counted as late.</param>
/// <param name="Transactions">Progress records seen, one a transaction.</param>
public sealed record PublishTotals(long Objects, long Lines, long Records, long DeadLetters, long Late, long Transactions)
{
    /// <summary>Both together.</summary>
    public static PublishTotals operator +(PublishTotals one, PublishTotals other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return new PublishTotals(
            one.Objects + other.Objects,
            one.Lines + other.Lines,
            one.Records + other.Records,
            one.DeadLetters + other.DeadLetters,
            one.Late + other.Late,
            one.Transactions + other.Transactions);
    }
}
