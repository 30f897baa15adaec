namespace Hybrid.Sandbox.Kafka.Log;

/// <summary>The settings of a topic that its partitions' logs follow.</summary>
internal sealed record LogSettings
{
    public required int SegmentBytes { get; init; }

    public required int IndexIntervalBytes { get; init; }

    public required int MaxMessageBytes { get; init; }

    /// <summary>Null keeps records for ever.</summary>
    public required TimeSpan? Retention { get; init; }

    /// <summary>Null sets no bound.</summary>
    public required long? RetentionBytes { get; init; }

    /// <summary>Whether old segments are deleted at all (cleanup.policy).</summary>
    public required bool Deletes { get; init; }

    public required bool LogAppendTime { get; init; }

    public required bool FlushEveryBatch { get; init; }
}
