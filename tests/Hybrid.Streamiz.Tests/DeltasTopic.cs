using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Confluent.Kafka;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Measurement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Streamiz.Tests;

/// <summary>The publisher's end of the deltas topic, and what a reader of the cluster sees of a lane.</summary>
internal sealed class DeltasTopic : IDisposable
{
    private readonly HybridMetrics _metrics = new();
    private readonly SchemaRegistryClient _registry;
    private readonly BuiltinDeltaEncoder _encoder;
    private readonly KafkaClients _clients;
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly string _prefix;

    private DeltasTopic(IConfiguration configuration)
    {
        var options = OptionsRegistration.Bind<KafkaOptions>(configuration, KafkaOptions.Section);
        _prefix = options.TopicPrefix;
        _clients = new KafkaClients(options, _metrics, NullLoggerFactory.Instance);
        _registry = new SchemaRegistryClient(OptionsRegistration.Bind<AvroOptions>(configuration, AvroOptions.Section));
        _encoder = new BuiltinDeltaEncoder(_registry, _clients.Topics);
        _producer = _clients.CreateProducer(config => config.LingerMs = 0);
    }

    public TopicNames Topics => _clients.Topics;

    public static async Task<DeltasTopic> CreateAsync(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var topic = new DeltasTopic(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        await topic._clients.EnsureTopicsAsync(CancellationToken.None);
        await topic._encoder.PrepareAsync(CancellationToken.None);
        return topic;
    }

    public byte[] Encode(CatalogDelta delta)
    {
        var buffer = new ArrayBufferWriter<byte>();
        _encoder.Encode(delta, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    public void Publish(params IEnumerable<CatalogDelta> deltas)
    {
        foreach (var delta in deltas)
        {
            Produce(Encoding.UTF8.GetBytes(delta.DocumentId), Encode(delta), Time(RecordHeaders.Closed));
        }

        _producer.Flush(TimeSpan.FromSeconds(10));
    }

    public void PublishRaw(byte[]? key, byte[]? value)
    {
        Produce(key, value);
        _producer.Flush(TimeSpan.FromSeconds(10));
    }

    public void PublishWatermark(int partition)
    {
        var message = new Message<byte[], byte[]> { Headers = [Time(RecordHeaders.Watermark)] };
        _producer.Produce(new TopicPartition(Topics.Deltas, partition), message);
        _producer.Flush(TimeSpan.FromSeconds(10));
    }

    /// <summary>Records between what the lane has committed and the end of the log.</summary>
    public long Lag()
    {
        using var consumer = _clients.ConsumerBuilder("streamiz").Build();
        using var admin = _clients.CreateAdmin();
        var partitions = admin.GetMetadata(Topics.Deltas, TimeSpan.FromSeconds(10)).Topics[0].Partitions
            .Select(partition => new TopicPartition(Topics.Deltas, partition.PartitionId));
        return consumer.Committed(partitions, TimeSpan.FromSeconds(10)).Sum(place =>
        {
            var ends = consumer.QueryWatermarkOffsets(place.TopicPartition, TimeSpan.FromSeconds(10));
            return ends.High.Value - (place.Offset.IsSpecial ? ends.Low.Value : place.Offset.Value);
        });
    }

    public List<Message<byte[], byte[]>> DeadLetters()
    {
        using var consumer = _clients.ConsumerBuilder("dead-letters-of-" + Guid.NewGuid(), config => config.EnablePartitionEof = true).Build();
        consumer.Assign(new TopicPartition(Topics.DeadLetters, 0));
        var letters = new List<Message<byte[], byte[]>>();
        while (consumer.Consume(TimeSpan.FromSeconds(10)) is { IsPartitionEOF: false } result)
        {
            letters.Add(result.Message);
        }

        return letters;
    }

    public void Dispose()
    {
        _producer.Dispose();
        _registry.Dispose();
        _metrics.Dispose();
    }

    private static Header Time(string name)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        return new Header(name, bytes);
    }

    private void Produce(byte[]? key, byte[]? value, params Header[] headers)
    {
        var message = new Message<byte[], byte[]> { Key = key!, Value = value!, Headers = [] };
        foreach (var header in headers)
        {
            message.Headers.Add(header);
        }

        _producer.Produce(Topics.Deltas, message);
    }
}
