using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Pipeline.Avro;

/// <summary>Decodes deltas of any writer's schema that resolves to ours. Not for concurrent use.</summary>
internal sealed class BuiltinDeltaDecoder(SchemaRegistryClient registry, TopicNames topics) : IDeltaDecoder
{
    private readonly Dictionary<int, DeltaReader> _readers = [];
    private int _lastId = -1;
    private DeltaReader? _last;

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (await registry.LatestAsync(topics.DeltasSubject, cancellationToken).ConfigureAwait(false) is not { } schema)
        {
            return;
        }

        try
        {
            _ = new DeltaReader(AvroSchema.Parse(schema));
        }
        catch (FormatException failure)
        {
            throw new HybridException(
                ExitCodes.WrongCall,
                $"the newest schema of '{topics.DeltasSubject}' cannot be read ({failure.Message}): deploy a Hybrid that knows it, or restore the subject",
                failure);
        }
    }

    public ValueTask<CatalogDelta> DecodeAsync(ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        var id = ConfluentWireFormat.ReadSchemaId(value.Span);
        return id == _lastId ? new(Read(_last!, value)) : DecodeWithAsync(id, value, cancellationToken);
    }

    private static CatalogDelta Read(DeltaReader reader, ReadOnlyMemory<byte> value) =>
        reader.Read(value.Span[ConfluentWireFormat.HeaderLength..]);

    private async ValueTask<CatalogDelta> DecodeWithAsync(int id, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        if (!_readers.TryGetValue(id, out var reader))
        {
            var schema = await registry.SchemaAsync(id, cancellationToken).ConfigureAwait(false)
                ?? throw new DeltaFormatException($"the registry has no schema {id}");
            try
            {
                reader = new DeltaReader(AvroSchema.Parse(schema));
            }
            catch (FormatException failure)
            {
                throw new DeltaFormatException($"schema {id} does not resolve to ours: {failure.Message}", failure);
            }

            _readers[id] = reader;
        }

        (_lastId, _last) = (id, reader);
        return Read(reader, value);
    }
}
