using System.Buffers;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Solr.Updates;

namespace Hybrid.Pipeline.Avro;

/// <summary>
/// A delta in the Avro binary of our own schema. It is what lanes hold of an upsert or a delete until it is written: thousands are on their
/// way at once, and as bytes in a few arrays they are nothing for the garbage collector to move about.
/// </summary>
public readonly struct EncodedDelta
{
    private readonly int _idStart;
    private readonly int _idLength;

    internal EncodedDelta(ReadOnlyMemory<byte> body)
        : this(body, DeltaFields.Read(body.Span))
    {
    }

    /// <summary>Keeps of fields that were read what lanes ask for again and again.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="fields">Their fields.</param>
    internal EncodedDelta(ReadOnlyMemory<byte> body, in DeltaFields fields)
    {
        Body = body;
        Version = fields.Version;
        IsWritable = AttributesFields.Unwritable(fields.Kind, fields.Price, fields.EventTimeMilliseconds) is null;
        _idStart = fields.DocumentIdStart;
        _idLength = fields.DocumentId.Length;
    }

    private EncodedDelta(ReadOnlyMemory<byte> copy, in EncodedDelta original)
    {
        this = original;
        Body = copy;
    }

    /// <summary>The bytes, without a schema id before them.</summary>
    internal ReadOnlyMemory<byte> Body { get; }

    /// <summary>The delta's version.</summary>
    internal long Version { get; }

    /// <summary>Whether it can be written as a document, see <see cref="AttributesFields.Unwritable"/>.</summary>
    internal bool IsWritable { get; }

    /// <summary>The fields.</summary>
    internal DeltaFields Fields => DeltaFields.Read(Body.Span);

    /// <summary>The document's id, UTF-8.</summary>
    internal ReadOnlyMemory<byte> DocumentId => Body.Slice(_idStart, _idLength);

    /// <summary>The same delta in a copy of its bytes.</summary>
    /// <param name="copy">The copy.</param>
    internal EncodedDelta In(ReadOnlyMemory<byte> copy) => new(copy, this);

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
