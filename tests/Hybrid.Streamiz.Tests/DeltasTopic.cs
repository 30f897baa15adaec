using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

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
        _producer = _clients.CreateTransactionalProducer("deltas");
    }

    public TopicNames Topics => _clients.Topics;

    public static async Task<DeltasTopic> CreateAsync(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var topic = new DeltasTopic(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        await topic._clients.EnsureTopicsAsync(CancellationToken.None);
        await topic._encoder.PrepareAsync(CancellationToken.None);
        topic._producer.InitTransactions(Patience);
        return topic;
    }

    public byte[] Encode(CatalogDelta delta)
    {
        var buffer = new ArrayBufferWriter<byte>();
        _encoder.Encode(delta, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Publishes deltas in one transaction.</summary>
    public void Publish(params IEnumerable<CatalogDelta> deltas) => InTransaction(() =>
    {
        foreach (var delta in deltas)
        {
            Produce(Encoding.UTF8.GetBytes(delta.DocumentId), Encode(delta), Time(RecordHeaders.Closed));
        }
    });

    public void PublishRaw(byte[]? key, byte[]? value) => InTransaction(() => Produce(key, value));

    /// <summary>Publishes a control record into each partition.</summary>
    public void PublishWatermark(DateTimeOffset eventTime) => InTransaction(() => ProduceWatermark(eventTime));

    /// <summary>Publishes a source partition as the publisher does: its deltas and its control records in one transaction.</summary>
    public void PublishPartition(IEnumerable<CatalogDelta> deltas, DateTimeOffset end) => InTransaction(() =>
    {
        foreach (var delta in deltas)
        {
            Produce(Encoding.UTF8.GetBytes(delta.DocumentId), Encode(delta), Time(RecordHeaders.Closed));
        }

        ProduceWatermark(end);
    });

    /// <summary>Leaves a transaction open in every partition of a topic, as an instance does that is killed.</summary>
    /// <returns>Whose transaction it is.</returns>
    public IProducer<byte[], byte[]> LeaveOpen(string topic)
    {
        var killed = _clients.CreateTransactionalProducer("killed");
        killed.InitTransactions(Patience);
        killed.BeginTransaction();
        for (var partition = 0; partition < Describe(topic).Partitions; partition++)
        {
            killed.Produce(new TopicPartition(topic, partition), new Message<byte[], byte[]> { Key = [1], Value = [1] });
        }

        Assert.Equal(0, killed.Flush(Patience));
        return killed;
    }

    /// <summary>A topic's partitions, and what it is set to.</summary>
    public (int Partitions, string CleanupPolicy) Describe(string topic)
    {
        using var admin = _clients.CreateAdmin();
        var configs = admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = topic }]).GetAwaiter().GetResult();
        return (admin.GetMetadata(topic, Patience).Topics[0].Partitions.Count, configs[0].Entries["cleanup.policy"].Value);
    }

    /// <summary>Records that the lane has not committed.</summary>
    public int Uncommitted()
    {
        using var consumer = _clients.ConsumerBuilder("streamiz", config => config.EnablePartitionEof = true).Build();
        var committed = consumer.Committed(Partitions(), Patience);
        consumer.Assign(committed);
        var records = 0;
        for (var ends = 0; ends < committed.Count;)
        {
            var result = consumer.Consume(Patience);
            _ = result.IsPartitionEOF ? ends++ : records++;
        }

        return records;
    }

    public List<Message<byte[], byte[]>> DeadLetters()
    {
        using var consumer = _clients.ConsumerBuilder("dead-letters-of-" + Guid.NewGuid(), config => config.EnablePartitionEof = true).Build();
        consumer.Assign(new TopicPartition(Topics.DeadLetters, 0));
        var letters = new List<Message<byte[], byte[]>>();
        while (consumer.Consume(Patience) is { IsPartitionEOF: false } result)
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

    private static Header Time(string name, DateTimeOffset? time = null)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (time ?? DateTimeOffset.UtcNow).ToUnixTimeMilliseconds());
        return new Header(name, bytes);
    }

    private void ProduceWatermark(DateTimeOffset eventTime)
    {
        foreach (var partition in Partitions())
        {
            _producer.Produce(partition, new Message<byte[], byte[]>
            {
                Key = Encoding.UTF8.GetBytes("catalog"),
                Headers = [Time(RecordHeaders.Watermark, eventTime)],
            });
        }
    }

    private void InTransaction(Action produce)
    {
        _producer.BeginTransaction();
        produce();
        _producer.CommitTransaction(Patience);
    }

    private List<TopicPartition> Partitions()
    {
        using var admin = _clients.CreateAdmin();
        return [.. admin.GetMetadata(Topics.Deltas, Patience).Topics[0].Partitions.Select(partition => new TopicPartition(Topics.Deltas, partition.PartitionId))];
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
