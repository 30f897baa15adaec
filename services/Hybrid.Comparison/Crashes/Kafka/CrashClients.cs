using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Hybrid.Comparison.Crashes.Kafka;

/// <summary>librdkafka clients that find the restarted broker quickly and log nothing.</summary>
internal sealed class CrashClients(string bootstrapServers)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    /// <summary>Makes an idempotent producer.</summary>
    public IProducer<byte[], byte[]> CreateProducer(Action<ProducerConfig>? adjust = null)
    {
        var config = new ProducerConfig(Base()) { EnableIdempotence = true, LingerMs = 1, QueueBufferingMaxMessages = 1_000_000 };
        adjust?.Invoke(config);
        return new ProducerBuilder<byte[], byte[]>(config).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
    }

    /// <summary>Makes a consumer that commits only when told to.</summary>
    public IConsumer<byte[], byte[]> CreateConsumer(string group)
    {
        var config = new ConsumerConfig(Base())
        {
            GroupId = group,
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            CheckCrcs = true,
            FetchWaitMaxMs = 10,
            IsolationLevel = IsolationLevel.ReadCommitted,
            AutoOffsetReset = AutoOffsetReset.Error,
        };
        return new ConsumerBuilder<byte[], byte[]>(config).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
    }

    /// <summary>Makes a topic.</summary>
    public async Task CreateTopicAsync(string name, int partitions, params (string Name, string Value)[] settings)
    {
        using var admin = new AdminClientBuilder(Base()).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
        var topic = new TopicSpecification
        {
            Name = name,
            NumPartitions = partitions,
            ReplicationFactor = 1,
            Configs = settings.ToDictionary(setting => setting.Name, setting => setting.Value),
        };
        await admin.CreateTopicsAsync([topic]).ConfigureAwait(false);
    }

    /// <summary>Reads a topic whole, as a reader of committed records sees it; offsets rise within each partition.</summary>
    /// <exception cref="TimeoutException">Nothing came for half a minute.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    public IEnumerable<ConsumeResult<byte[], byte[]>> ReadAll(string topic, int partitions, CancellationToken cancellationToken)
    {
        using var consumer = CreateConsumer("crash-reader");
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        for (var ended = 0; ended < partitions;)
        {
            if (Next(consumer, cancellationToken) is not { } record)
            {
                throw new TimeoutException($"topic {topic} gave nothing for {Silence.TotalSeconds:0} s");
            }

            if (record.IsPartitionEOF)
            {
                ended++;
            }
            else
            {
                yield return record;
            }
        }
    }

    /// <summary>Where a group stands.</summary>
    /// <exception cref="KafkaException">The broker did not say so within half a minute.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    public static Offset Committed(IConsumer<byte[], byte[]> member, TopicPartition partition, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return member.Committed([partition], Slice)[0].Offset;
            }
            catch (KafkaException failure) when (failure.Error.Code == ErrorCode.Local_TimedOut && Stopwatch.GetElapsedTime(started) < Silence)
            {
                // Asked again, so that a run that is stopped meanwhile ends.
            }
        }
    }

    private static ConsumeResult<byte[], byte[]>? Next(IConsumer<byte[], byte[]> consumer, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        ConsumeResult<byte[], byte[]>? record = null;
        while (record is null && Stopwatch.GetElapsedTime(started) < Silence)
        {
            cancellationToken.ThrowIfCancellationRequested();
            record = consumer.Consume(Slice);
        }

        return record;
    }

    private ClientConfig Base() => new()
    {
        BootstrapServers = bootstrapServers,
        ReconnectBackoffMs = 20,
        ReconnectBackoffMaxMs = 100,
        RetryBackoffMs = 20,
        RetryBackoffMaxMs = 100,
        AllowAutoCreateTopics = false,
    };
}
