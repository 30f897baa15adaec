using System.Text.Json.Nodes;
using Hybrid.Contracts.Topics;

namespace Hybrid.Comparison.Crashes.Publishing;

/// <summary>
/// Where a kill strikes. The request that shows that a publisher is at the phase is held up by the sandbox, so that the kill comes while
/// the publisher waits for its answer; which of many such requests it is, and how long after it the kill comes, is drawn.
/// </summary>
/// <param name="Phase">What the publisher is at.</param>
/// <param name="Victims">Which shards are killed.</param>
/// <param name="Ahead">How long they run before the request is waited for; zero for the first such request after the start, too.</param>
/// <param name="Delay">How long after the request the kill comes.</param>
/// <param name="Fault">What holds the request up; null for none.</param>
internal sealed record CrashAim(CrashPhase Phase, IReadOnlyList<int> Victims, TimeSpan Ahead, TimeSpan Delay, JsonObject? Fault)
{
    private const string HeldUp = "600ms";
    private const int LongestDelay = 400;
    private const int LongestAhead = 1_500;

    /// <summary>Draws the aim of a round.</summary>
    /// <param name="phase">What the publisher is to be at.</param>
    /// <param name="source">Whose publishers.</param>
    /// <param name="down">The shards that do not run: only one of them is about to fence its predecessor.</param>
    /// <param name="choices">Decides the rest.</param>
    public static CrashAim Draw(CrashPhase phase, CrashSource source, IReadOnlyList<int> down, Random choices)
    {
        var all = Enumerable.Range(0, source.Shards).ToArray();
        int[] one = [phase == CrashPhase.Fence ? down[choices.Next(down.Count)] : choices.Next(source.Shards)];
        var isAtStart = phase == CrashPhase.Fence || (phase != CrashPhase.Any && choices.Next(2) == 0);
        var ahead = TimeSpan.FromMilliseconds(isAtStart ? 0 : choices.Next(LongestAhead));
        var delay = TimeSpan.FromMilliseconds(choices.Next(LongestDelay));
        var id = source.TransactionalId(one[0]);
        var deltas = new TopicNames(source.TopicPrefix).Deltas;
        var (victims, fault) = phase switch
        {
            CrashPhase.Any => (choices.Next(2) == 0 ? one : all, null),
            CrashPhase.Fence => (one, Hold("kafka", "InitProducerId", id, 1)),
            CrashPhase.List => (all, Hold("s3", "ListObjectsV2", null, 0.15)),
            CrashPhase.Read => (all, Hold("s3", "GetObject", null, 0.3)),
            CrashPhase.Publish => (all, Hold("kafka", "Produce", deltas, 0.25)),
            CrashPhase.Commit or CrashPhase.Committed => (one, Hold("kafka", "EndTxn", id, 0.4)),
            _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, "is no phase"),
        };
        if (phase == CrashPhase.Committed)
        {
            fault!["when"] = "after";
        }

        if (fault is not null)
        {
            fault["seed"] = choices.Next();
        }

        return new CrashAim(phase, victims, ahead, delay, fault);
    }

    /// <summary>The shards for a line of progress; empty for a source that is not shared.</summary>
    public string Describe(int shards) => shards == 1 ? "" : string.Join(" and ", Victims.Select(victim => $"{victim}/{shards}"));

    private static JsonObject Hold(string service, string operation, string? target, double rate) => new()
    {
        ["service"] = service,
        ["operation"] = operation,
        ["target"] = target,
        ["latency"] = HeldUp,
        ["rate"] = rate,
        ["times"] = 1,
    };
}
