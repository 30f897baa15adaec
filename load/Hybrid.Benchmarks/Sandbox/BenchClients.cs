using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Hybrid.Benchmarks.Sandbox;

/// <summary>The Kafka clients of the measurements: Confluent.Kafka's own defaults but for what a measurement is about.</summary>
internal sealed class BenchClients(string bootstrapServers)
{
    private static readonly TimeSpan FullQueuePause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan FlushStep = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan TopicLimit = TimeSpan.FromSeconds(30);

    /// <summary>An idempotent producer with delivery reports only where somebody asks for one.</summary>
    public IProducer<Null, byte[]> Producer(CompressionType compression = CompressionType.None, double lingerMs = 5) =>
        new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            EnableIdempotence = true,
            CompressionType = compression,
            LingerMs = lingerMs,
            QueueBufferingMaxMessages = 500_000,
        }).Build();

    public IConsumer<Ignore, byte[]> Consumer() =>
        new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = "bench",
            EnableAutoCommit = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,

            // A full queue is looked at again this soon: at the default of a second a fast consumer runs dry in between.
            FetchQueueBackoffMs = 10,
        }).Build();

    public async Task CreateTopicAsync(string topic, int partitions)
    {
        using var admin = Admin();
        await admin.CreateTopicsAsync(
            [new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }],
            new CreateTopicsOptions { RequestTimeout = TopicLimit });
    }

    public async Task DeleteTopicAsync(string topic)
    {
        using var admin = Admin();
        await admin.DeleteTopicsAsync([topic], new DeleteTopicsOptions { RequestTimeout = TopicLimit });
    }

    /// <summary>Hands over records without waiting for each, and then until the broker has acknowledged all of them.</summary>
    public static void Send(IProducer<Null, byte[]> producer, string topic, byte[][] values, long records, CancellationToken cancellationToken)
    {
        var message = new Message<Null, byte[]>();
        var any = new TopicPartition(topic, Partition.Any);
        for (var i = 0L; i < records; i++)
        {
            message.Value = values[i % values.Length];
            while (true)
            {
                try
                {
                    producer.Produce(any, message);
                    break;
                }
                catch (ProduceException<Null, byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    producer.Poll(FullQueuePause);
                }
            }
        }

        while (producer.Flush(FlushStep) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Reads records from the start of a topic's partitions.</summary>
    /// <param name="consumer">Is assigned to them.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="partitions">How many it has.</param>
    /// <param name="records">How many to read.</param>
    /// <param name="first">Called once the first is there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static void Read(IConsumer<Ignore, byte[]> consumer, string topic, int partitions, long records, Action first, CancellationToken cancellationToken)
    {
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        consumer.Consume(cancellationToken);
        first();
        for (var seen = 1L; seen < records; seen++)
        {
            consumer.Consume(cancellationToken);
        }
    }

    private IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
}
