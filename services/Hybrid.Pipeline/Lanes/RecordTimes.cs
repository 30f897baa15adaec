using System.Buffers.Binary;
using Confluent.Kafka;

namespace Hybrid.Pipeline.Lanes;

/// <summary>Reads the times that travel in headers: 8 bytes, big-endian, milliseconds since 1970-01-01T00:00:00Z.</summary>
public static class RecordTimes
{
    /// <summary>Reads one time.</summary>
    /// <param name="headers">The record's headers; null for none.</param>
    /// <param name="name">One of <see cref="Contracts.Topics.RecordHeaders"/>.</param>
    /// <returns>Milliseconds since 1970-01-01T00:00:00Z; null when the header is missing or not 8 bytes long.</returns>
    public static long? Read(Headers? headers, string name) =>
        headers is not null && headers.TryGetLastBytes(name, out var bytes) && bytes is { Length: sizeof(long) }
            ? BinaryPrimitives.ReadInt64BigEndian(bytes)
            : null;
}
