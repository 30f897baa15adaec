using Confluent.Kafka;
using Hybrid.Contracts.Records;

namespace Hybrid.Pipeline.Lanes;

/// <summary>A delta on its way through a lane, with the record that it came from.</summary>
/// <param name="Partition">The Kafka partition.</param>
/// <param name="Offset">The offset there.</param>
/// <param name="Message">The record as it was, for a dead letter.</param>
/// <param name="Delta">The delta.</param>
/// <param name="ClosedMilliseconds">When its partition was due to close, wall time in milliseconds since 1970-01-01T00:00:00Z; null when not known.</param>
public readonly record struct LaneRecord(
    int Partition, long Offset, Message<byte[], byte[]> Message, CatalogDelta Delta, long? ClosedMilliseconds)
{
    /// <summary>When the lane took it, by the time provider's timestamp; 0 when not known.</summary>
    public long Taken { get; init; }

    /// <summary>Which time of holding the partition it was taken in: an acknowledgement counts for that time only.</summary>
    public int Holding { get; init; }

    /// <summary>What the record holds of memory, roughly: the bytes of its value.</summary>
    public int Bytes => Message.Value?.Length ?? 0;
}
