using System.Buffers;
using Hybrid.Contracts.Records;

namespace Hybrid.Pipeline.Avro;

/// <summary>
/// A delta in the Avro binary of our own schema. It is what lanes hold of an upsert or a delete until it is written: thousands are on their
/// way at once, and as bytes in a few arrays they are nothing for the garbage collector to move about.
/// </summary>
public readonly struct EncodedDelta
{
    internal EncodedDelta(ReadOnlyMemory<byte> body) => Body = body;

    /// <summary>The bytes, without a schema id before them.</summary>
    internal ReadOnlyMemory<byte> Body { get; }

    /// <summary>The fields.</summary>
    internal DeltaFields Fields => DeltaFields.Read(Body.Span);

    /// <summary>The document's id, UTF-8.</summary>
    internal ReadOnlyMemory<byte> DocumentId
    {
        get
        {
            var reader = new AvroBinaryReader(Body.Span);
            var length = reader.Bytes().Length;
            return Body.Slice(Body.Length - reader.Remaining - length, length);
        }
    }

    /// <summary>Encodes a delta.</summary>
    /// <param name="delta">The delta.</param>
    public static EncodedDelta Of(CatalogDelta delta)
    {
        ArgumentNullException.ThrowIfNull(delta);
        var body = new ArrayBufferWriter<byte>(256);
        BuiltinDeltaEncoder.WriteBody(delta, new AvroBinaryWriter(body));
        return new EncodedDelta(body.WrittenMemory);
    }

    /// <summary>Makes the delta.</summary>
    public CatalogDelta ToDelta() => Fields.ToDelta();
}
