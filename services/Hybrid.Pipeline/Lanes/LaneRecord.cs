using Confluent.Kafka;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Avro;

namespace Hybrid.Pipeline.Lanes;

/// <summary>An upsert or a delete on its way through a lane, with the record that it came from.</summary>
public readonly record struct LaneRecord
{
    /// <summary>Takes a delta that was decoded.</summary>
    /// <param name="partition">The Kafka partition.</param>
    /// <param name="offset">The offset there.</param>
    /// <param name="message">The record as it was, for a dead letter.</param>
    /// <param name="delta">The delta.</param>
    /// <param name="closedMilliseconds">When its partition was due to close, wall time in milliseconds since 1970-01-01T00:00:00Z; null when not known.</param>
    public LaneRecord(int partition, long offset, Message<byte[], byte[]> message, CatalogDelta delta, long? closedMilliseconds)
        : this(partition, offset, message, EncodedDelta.Of(delta), closedMilliseconds)
    {
    }

    /// <summary>Takes a delta that is a part of its record's value.</summary>
    /// <param name="partition">The Kafka partition.</param>
    /// <param name="offset">The offset there.</param>
    /// <param name="message">The record as it was, for a dead letter.</param>
    /// <param name="encoded">The delta's bytes.</param>
    /// <param name="closedMilliseconds">When its partition was due to close, wall time in milliseconds since 1970-01-01T00:00:00Z; null when not known.</param>
    public LaneRecord(int partition, long offset, Message<byte[], byte[]> message, EncodedDelta encoded, long? closedMilliseconds)
    {
        ArgumentNullException.ThrowIfNull(message);
        (Partition, Offset, Headers, Encoded, ClosedMilliseconds) = (partition, offset, message.Headers, encoded, closedMilliseconds);
        (Key, Value) = (Memory(message.Key), Memory(message.Value));
        DocumentHash = Lanes.DocumentHash.Of(encoded.DocumentId.Span);
    }

    /// <summary>The Kafka partition.</summary>
    public int Partition { get; }

    /// <summary>The offset there.</summary>
    public long Offset { get; }

    /// <summary>The record's headers.</summary>
    public Headers? Headers { get; }

    /// <summary>When its partition was due to close, wall time in milliseconds since 1970-01-01T00:00:00Z; null when not known.</summary>
    public long? ClosedMilliseconds { get; }

    /// <summary>The delta's version.</summary>
    public long Version => Encoded.Version;

    /// <summary>When the lane took it, by the time provider's timestamp; 0 when not known.</summary>
    public long Taken { get; init; }

    /// <summary>Which time of holding the partition it was taken in: an acknowledgement counts for that time only.</summary>
    public int Holding { get; init; }

    /// <summary>The delta's bytes.</summary>
    public EncodedDelta Encoded { get; internal init; }

    /// <summary>The delta; it is made anew with each call.</summary>
    public CatalogDelta Delta => Encoded.ToDelta();

    /// <summary>The record as it was, for a dead letter; it is made anew with each call.</summary>
    public Message<byte[], byte[]> Message => new() { Key = Key?.ToArray()!, Value = Value?.ToArray()!, Headers = Headers };

    /// <summary>What the record holds of memory, roughly: the bytes of its value.</summary>
    public int Bytes => Value?.Length ?? 0;

    /// <summary>The document's, see <see cref="Lanes.DocumentHash"/>.</summary>
    internal int DocumentHash { get; }

    internal ReadOnlyMemory<byte>? Key { get; init; }

    internal ReadOnlyMemory<byte>? Value { get; init; }

    // Null by its type: a mere null, and an array that is null, convert to memory that is empty.
    private static ReadOnlyMemory<byte>? Memory(byte[]? bytes) => bytes is null ? default(ReadOnlyMemory<byte>?) : bytes;
}
