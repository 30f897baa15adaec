using System.Buffers;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;
using Hybrid.Contracts;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Pipeline.Avro.Confluent;

/// <summary>
/// The <c>confluent</c> adapter: encodes with Confluent.SchemaRegistry.Serdes.Avro. The schema is registered as its source text and
/// then addressed by id, so that this and the built-in adapter share one schema id and write the same bytes.
/// </summary>
internal sealed class ConfluentDeltaEncoder : IDeltaEncoder, IDisposable
{
    private readonly CachedSchemaRegistryClient _registry;
    private readonly string _registryUrl;
    private readonly string _subject;
    private readonly SerializationContext _context;
    private readonly CatalogDeltaRecord _record = new();
    private AvroSerializer<CatalogDeltaRecord>? _serializer;

    /// <summary>Makes an encoder.</summary>
    /// <param name="options">Where the registry is.</param>
    /// <param name="topics">The topics' names.</param>
    public ConfluentDeltaEncoder(AvroOptions options, TopicNames topics)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(topics);
        _registry = new CachedSchemaRegistryClient(new SchemaRegistryConfig { Url = options.RegistryUrl });
        _registryUrl = options.RegistryUrl;
        _subject = topics.DeltasSubject;
        _context = new SerializationContext(MessageComponentType.Value, topics.Deltas);
    }

    /// <inheritdoc/>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            var schema = new Schema(ContractResources.CatalogDeltaSchema, SchemaType.Avro);
            var id = await _registry.RegisterSchemaAsync(_subject, schema).WaitAsync(cancellationToken).ConfigureAwait(false);
            _serializer = new AvroSerializer<CatalogDeltaRecord>(_registry, new AvroSerializerConfig
            {
                AutoRegisterSchemas = false,
                UseSchemaId = id,
                SubjectNameStrategy = SubjectNameStrategy.Topic,
            });
            await _serializer.SerializeAsync(_record, _context).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SchemaRegistryException failure) when ((int)failure.Status is >= 400 and < 500)
        {
            throw new HybridException(
                ExitCodes.WrongCall,
                $"the schema registry at {_registryUrl} refuses the schema of '{_subject}': {failure.Message.ReplaceLineEndings(" ")}",
                failure);
        }
        catch (Exception failure) when (RegistryFailure.IsUnreachable(failure))
        {
            throw RegistryFailure.Unreachable(_registryUrl, failure);
        }
    }

    /// <inheritdoc/>
    public void Encode(CatalogDelta delta, IBufferWriter<byte> output)
    {
        var serializer = _serializer ?? throw new InvalidOperationException("PrepareAsync comes before Encode");
        _record.Set(delta);
        output.Write(serializer.SerializeAsync(_record, _context).GetAwaiter().GetResult());
    }

    /// <inheritdoc/>
    public void Dispose() => _registry.Dispose();
}
