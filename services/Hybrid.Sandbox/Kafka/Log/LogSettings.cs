using Hybrid.Sandbox.Faults;

namespace Hybrid.Sandbox.Kafka.Log;

/// <summary>The settings of a topic that its partitions' logs follow.</summary>
internal sealed record LogSettings
{
    public required int SegmentBytes { get; init; }

    /// <summary>Time between a segment's first record and another after which that one starts a new segment (segment.ms, max.compaction.lag.ms).</summary>
    public required TimeSpan SegmentAge { get; init; }

    public required int IndexIntervalBytes { get; init; }

    public required int MaxMessageBytes { get; init; }

    /// <summary>Null keeps records for ever.</summary>
    public required TimeSpan? Retention { get; init; }

    /// <summary>Null sets no bound.</summary>
    public required long? RetentionBytes { get; init; }

    /// <summary>Whether old segments are deleted at all (cleanup.policy).</summary>
    public required bool Deletes { get; init; }

    /// <summary>Whether records are removed that a later one of the same key supersedes (cleanup.policy).</summary>
    public required bool Compacts { get; init; }

    /// <summary>Share of a compacted log that must be new before it is compacted again, 0 to 1 (min.cleanable.dirty.ratio).</summary>
    public required double MinDirtyRatio { get; init; }

    /// <summary>Younger records are not compacted (min.compaction.lag.ms).</summary>
    public required TimeSpan MinCompactionLag { get; init; }

    /// <summary>Older records are compacted however few are new (max.compaction.lag.ms).</summary>
    public required TimeSpan MaxCompactionLag { get; init; }

    /// <summary>How long a tombstone stays in a compacted log (delete.retention.ms).</summary>
    public required TimeSpan DeleteRetention { get; init; }

    public required bool LogAppendTime { get; init; }

    public required bool FlushEveryBatch { get; init; }

    /// <summary>What the log is written through.</summary>
    public required Disk Disk { get; init; }
}
