using System.Buffers;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Pipeline.Avro;

/// <summary>Turns deltas into the values of Kafka records: Confluent wire format (magic 0, 4-byte schema id, Avro binary). Not for concurrent use.</summary>
public interface IDeltaEncoder
{
    /// <summary>Registers the schema, or finds it, so that encoding needs no more requests.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Hosting.HybridException">The registry refuses the schema or cannot be reached.</exception>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Encodes one delta. <see cref="PrepareAsync"/> came first.</summary>
    /// <param name="delta">The delta.</param>
    /// <param name="output">Where the bytes go.</param>
    void Encode(CatalogDelta delta, IBufferWriter<byte> output);
}

/// <summary>An encoder that can do without the delta where a source's line is a usual one.</summary>
internal interface ILineEncoder
{
    /// <summary>Encodes a line as parsing it and encoding its delta would.</summary>
    /// <param name="line">The line without its end.</param>
    /// <param name="position">Where it stands.</param>
    /// <param name="output">Where the bytes go; left as it is when the answer is no.</param>
    /// <returns>False when the line has to be parsed: it is unusual, or none.</returns>
    bool TryEncode(ReadOnlySpan<byte> line, in SourcePosition position, IBufferWriter<byte> output);
}

/// <summary>Reads what an <see cref="IDeltaEncoder"/> wrote, with any schema that resolves to ours (Avro schema resolution).</summary>
public interface IDeltaDecoder
{
    /// <summary>Checks before any record is read that the schemas registered so far can be read.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Hosting.HybridException">A registered schema cannot be resolved, or the registry cannot be reached.</exception>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Decodes one value; completes at once when the writer's schema is known.</summary>
    /// <param name="value">The record's value.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DeltaFormatException">The bytes are not a delta: a poison record.</exception>
    /// <exception cref="Hosting.HybridException">The value is a delta of a schema that does not resolve to ours, or the registry cannot be reached.</exception>
    ValueTask<CatalogDelta> DecodeAsync(ReadOnlyMemory<byte> value, CancellationToken cancellationToken);

    /// <summary>
    /// Finds an upsert or a delete in a value that was written with our own schema, where decoding would make an equal one. A decoder that
    /// cannot, or not yet, says no; then <see cref="DecodeAsync"/> tells what the value is.
    /// </summary>
    /// <param name="value">The record's value.</param>
    /// <param name="update">The part of the value that is the delta.</param>
    /// <returns>Whether it is one.</returns>
    bool TryFindUpdate(ReadOnlyMemory<byte> value, out EncodedDelta update)
    {
        update = default;
        return false;
    }
}

/// <summary>Bytes that are not a delta.</summary>
public sealed class DeltaFormatException : Exception
{
    /// <summary>Makes an error.</summary>
    /// <param name="message">One line: what is wrong and at which byte.</param>
    /// <param name="inner">The cause.</param>
    public DeltaFormatException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
