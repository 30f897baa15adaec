using Hybrid.Contracts.Records;

namespace Hybrid.Pipeline.Lanes;

/// <summary>What a record from Kafka is to a lane.</summary>
public enum LaneStepKind
{
    /// <summary>An upsert or a delete, to be written.</summary>
    Attributes,

    /// <summary>A signal, to be let pass by lanes without windows.</summary>
    Signal,

    /// <summary>A control record: a source is complete up to <see cref="LaneStep.WatermarkMilliseconds"/>.</summary>
    Watermark,

    /// <summary>Not a delta: a dead letter.</summary>
    Poison,
}

/// <summary>One record from Kafka, read.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Delta">The delta of <see cref="LaneStepKind.Attributes"/> and <see cref="LaneStepKind.Signal"/>; null otherwise.</param>
/// <param name="ClosedMilliseconds">When its partition was due to close, wall time in milliseconds since 1970-01-01T00:00:00Z; null when not known.</param>
/// <param name="WatermarkMilliseconds">Event time in milliseconds since 1970-01-01T00:00:00Z; 0 unless the kind is <see cref="LaneStepKind.Watermark"/>.</param>
/// <param name="Error">Why it is poison, one line; null otherwise.</param>
public readonly record struct LaneStep(
    LaneStepKind Kind, CatalogDelta? Delta, long? ClosedMilliseconds, long WatermarkMilliseconds, string? Error);
