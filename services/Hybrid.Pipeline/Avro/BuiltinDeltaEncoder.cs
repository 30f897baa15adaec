using System.Buffers;
using Hybrid.Contracts;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Pipeline.Avro;

/// <summary>Encodes deltas without a serialization library: the bytes are those of Confluent's Avro serializer.</summary>
internal sealed class BuiltinDeltaEncoder(SchemaRegistryClient registry, TopicNames topics) : IDeltaEncoder, ILineEncoder
{
    private int? _schemaId;

    private int SchemaId => _schemaId ?? throw new InvalidOperationException("the encoder is not prepared");

    public async Task PrepareAsync(CancellationToken cancellationToken) =>
        _schemaId = await registry.RegisterAsync(topics.DeltasSubject, ContractResources.CatalogDeltaSchema, cancellationToken).ConfigureAwait(false);

    public void Encode(CatalogDelta delta, IBufferWriter<byte> output)
    {
        var header = output.GetSpan(ConfluentWireFormat.HeaderLength);
        ConfluentWireFormat.Write(header, SchemaId);
        output.Advance(ConfluentWireFormat.HeaderLength);
        WriteBody(delta, new AvroBinaryWriter(output));
    }

    public bool TryEncode(ReadOnlySpan<byte> line, in SourcePosition position, IBufferWriter<byte> output) =>
        LineTranscoder.TryWrite(line, position, SchemaId, output);

    internal static void WriteBody(CatalogDelta delta, AvroBinaryWriter writer)
    {
        writer.String(delta.DocumentId);
        writer.Long((int)delta.Kind);
        writer.Long(delta.Version);
        writer.Long(delta.EventTimeMilliseconds);
        writer.String(delta.Partition);
        WriteAttributes(delta, writer);
    }

    /// <summary>Writes the fields from the title on, which records in source objects have likewise.</summary>
    internal static void WriteAttributes(CatalogDelta delta, AvroBinaryWriter writer)
    {
        WriteOptional(writer, delta.Title);
        WriteOptional(writer, delta.Category);
        writer.Long(delta.Price is null ? 0 : 1);
        if (delta.Price is { } price)
        {
            writer.Double(price);
        }

        writer.Long(delta.Quantity is null ? 0 : 1);
        if (delta.Quantity is { } quantity)
        {
            writer.Long(quantity);
        }

        WriteOptional(writer, delta.Campaign);
        if (delta.Related.Length > 0)
        {
            writer.Long(delta.Related.Length);
            foreach (var related in delta.Related)
            {
                writer.String(related);
            }
        }

        writer.Long(0);
    }

    private static void WriteOptional(AvroBinaryWriter writer, string? text)
    {
        writer.Long(text is null ? 0 : 1);
        if (text is not null)
        {
            writer.String(text);
        }
    }
}
