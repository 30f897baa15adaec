namespace Hybrid.Contracts.Topics;

/// <summary>The names of the topics, under an optional prefix that keeps several runs on one cluster apart.</summary>
/// <param name="Prefix">Put before every name; empty in production.</param>
public sealed record TopicNames(string Prefix = "")
{
    /// <summary>The topic of a backfill when none is named, without the prefix.</summary>
    public const string DefaultBackfill = "hybrid.deltas.backfill";

    /// <summary>Deltas and control records, keyed by document id.</summary>
    public string Deltas => Prefix + "hybrid.deltas";

    /// <summary>Lines that could not be read, as they were.</summary>
    public string DeadLetters => Prefix + "hybrid.deltas.dlq";

    /// <summary>Which dead letters were published again: compacted, one key a dead letter.</summary>
    public string Replays => Prefix + "hybrid.deltas.dlq.replays";

    /// <summary>The commit log: one record a batch that a lane wrote (<see cref="Lanes.BatchCommit"/>), for audit. Lanes do not read it.</summary>
    public string Commits => Prefix + "hybrid.commits";

    /// <summary>The publisher's progress: compacted, one key a source.</summary>
    public string Watermarks => Prefix + "hybrid.watermarks";

    /// <summary>The registry subject of the deltas' values (TopicNameStrategy).</summary>
    public string DeltasSubject => Deltas + "-value";
}
