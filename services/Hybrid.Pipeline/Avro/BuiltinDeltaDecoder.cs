using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;

namespace Hybrid.Pipeline.Avro;

/// <summary>Decodes deltas of any writer's schema that resolves to ours. Not for concurrent use.</summary>
internal sealed class BuiltinDeltaDecoder(SchemaRegistryClient registry, TopicNames topics) : IDeltaDecoder
{
    private const string RecordName = "CatalogDelta";

    private readonly Dictionary<int, DeltaReader> _readers = [];
    private int _lastId = -1;
    private DeltaReader? _last;

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (var version in await registry.VersionsAsync(topics.DeltasSubject, cancellationToken).ConfigureAwait(false))
        {
            if (await registry.VersionAsync(topics.DeltasSubject, version, cancellationToken).ConfigureAwait(false) is not { } schema)
            {
                continue;
            }

            try
            {
                _ = new DeltaReader(AvroSchema.Parse(schema));
            }
            catch (FormatException failure)
            {
                throw SchemaMismatch.Registered(topics.DeltasSubject, version, failure.Message, failure);
            }
        }
    }

    public ValueTask<CatalogDelta> DecodeAsync(ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        var id = ConfluentWireFormat.ReadSchemaId(value.Span);
        return id == _lastId ? new(Read(_last!, value)) : DecodeWithAsync(id, value, cancellationToken);
    }

    public bool TryFindUpdate(ReadOnlyMemory<byte> value, out EncodedDelta update)
    {
        update = default;
        if (_last is not { IsOurs: true }
            || value.Length < ConfluentWireFormat.HeaderLength
            || value.Span[0] != 0
            || ConfluentWireFormat.ReadSchemaId(value.Span) != _lastId
            || !DeltaFields.TryReadUpdate(value.Span[ConfluentWireFormat.HeaderLength..], out var fields))
        {
            return false;
        }

        update = new EncodedDelta(value[ConfluentWireFormat.HeaderLength..], fields);
        return true;
    }

    private static CatalogDelta Read(DeltaReader reader, ReadOnlyMemory<byte> value) =>
        reader.Read(value.Span[ConfluentWireFormat.HeaderLength..]);

    private async ValueTask<CatalogDelta> DecodeWithAsync(int id, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        if (!_readers.TryGetValue(id, out var reader))
        {
            var schema = await registry.SchemaAsync(id, cancellationToken).ConfigureAwait(false)
                ?? throw new DeltaFormatException($"the registry has no schema {id}");
            reader = ReaderOf(id, schema);
            _readers[id] = reader;
        }

        (_lastId, _last) = (id, reader);
        return Read(reader, value);
    }

    private static DeltaReader ReaderOf(int id, string schema)
    {
        AvroSchema? writer = null;
        try
        {
            writer = AvroSchema.Parse(schema);
            return new DeltaReader(writer);
        }
        catch (FormatException failure) when (writer is { Type: AvroType.Record } && Unqualified(writer) == RecordName)
        {
            throw SchemaMismatch.InUse(id, failure.Message, failure);
        }
        catch (FormatException failure)
        {
            throw new DeltaFormatException($"schema {id} does not resolve to ours: {failure.Message}", failure);
        }
    }

    private static string? Unqualified(AvroSchema schema) => schema.Name?[(schema.Name.LastIndexOf('.') + 1)..];
}
