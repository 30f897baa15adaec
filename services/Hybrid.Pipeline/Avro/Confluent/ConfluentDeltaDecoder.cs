using Avro;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Pipeline.Avro.Confluent;

/// <summary>The <c>confluent</c> adapter: decodes with Confluent.SchemaRegistry.Serdes.Avro, which resolves the writer's schema to ours.</summary>
internal sealed class ConfluentDeltaDecoder : IDeltaDecoder, IDisposable
{
    private const int SubjectNotFound = 40401;
    private const int SchemaNotFound = 40403;
    private const string NotResolved = "it does not resolve to ours";

    private readonly CachedSchemaRegistryClient _registry;
    private readonly AvroDeserializer<CatalogDeltaRecord> _deserializer;
    private readonly string _registryUrl;
    private readonly string _subject;
    private readonly SerializationContext _context;

    /// <summary>Makes a decoder.</summary>
    /// <param name="options">Where the registry is.</param>
    /// <param name="topics">The topics' names.</param>
    public ConfluentDeltaDecoder(AvroOptions options, TopicNames topics)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(topics);
        _registry = new CachedSchemaRegistryClient(new SchemaRegistryConfig { Url = options.RegistryUrl });
        _deserializer = new AvroDeserializer<CatalogDeltaRecord>(
            _registry, new AvroDeserializerConfig { SubjectNameStrategy = SubjectNameStrategy.Topic });
        _registryUrl = options.RegistryUrl;
        _subject = topics.DeltasSubject;
        _context = new SerializationContext(MessageComponentType.Value, topics.Deltas);
    }

    /// <inheritdoc/>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var version in await _registry.GetSubjectVersionsAsync(_subject).WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                var registered = await _registry.GetRegisteredSchemaAsync(_subject, version).WaitAsync(cancellationToken).ConfigureAwait(false);
                CheckReadable(registered);
            }
        }
        catch (SchemaRegistryException failure) when (failure.ErrorCode == SubjectNotFound)
        {
            // Nothing was published yet: the publisher will register the schema.
        }
        catch (Exception failure) when (RegistryFailure.IsUnreachable(failure))
        {
            throw RegistryFailure.Unreachable(_registryUrl, failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CatalogDelta> DecodeAsync(ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        try
        {
            var reading = _deserializer.DeserializeAsync(value, isNull: false, _context);
            var record = reading.IsCompletedSuccessfully ? reading.Result : await reading.WaitAsync(cancellationToken).ConfigureAwait(false);
            var delta = record.ToDelta();
            return delta.DocumentId.Length > 0 ? delta : throw new DeltaFormatException("documentId is empty");
        }
        catch (SchemaRegistryException failure) when (failure.ErrorCode == SchemaNotFound)
        {
            throw new DeltaFormatException($"the value's schema id is not registered at {_registryUrl}", failure);
        }
        catch (Exception failure) when (RegistryFailure.IsUnreachable(failure))
        {
            throw RegistryFailure.Unreachable(_registryUrl, failure);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or DeltaFormatException))
        {
            // Whatever else Avro throws at bytes that are not a delta: it has no one type for them.
            await CheckSchemaAsync(value, cancellationToken).ConfigureAwait(false);
            throw new DeltaFormatException($"the value is not a delta: {failure.Message.ReplaceLineEndings(" ")}", failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _registry.Dispose();

    private void CheckReadable(RegisteredSchema registered)
    {
        try
        {
            if (CatalogDeltaRecord.ReaderSchema.CanRead(global::Avro.Schema.Parse(registered.SchemaString)))
            {
                return;
            }
        }
        catch (AvroException failure)
        {
            throw SchemaMismatch.Registered(_subject, registered.Version, failure.Message.ReplaceLineEndings(" "), failure);
        }

        throw SchemaMismatch.Registered(_subject, registered.Version, NotResolved);
    }

    /// <summary>Tells a record of a schema that does not resolve to ours from bytes that are no delta.</summary>
    private async Task CheckSchemaAsync(ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        var id = ConfluentWireFormat.ReadSchemaId(value.Span);
        try
        {
            var schema = await _registry.GetSchemaAsync(id).WaitAsync(cancellationToken).ConfigureAwait(false);
            var writer = global::Avro.Schema.Parse(schema.SchemaString);
            var reader = CatalogDeltaRecord.ReaderSchema;
            if (writer is RecordSchema && writer.Name == reader.Name && !reader.CanRead(writer))
            {
                throw SchemaMismatch.InUse(id, NotResolved);
            }
        }
        catch (Exception unknown) when (unknown is AvroException or SchemaRegistryException)
        {
            // No schema of a delta, then: the bytes are poison.
        }
    }
}
