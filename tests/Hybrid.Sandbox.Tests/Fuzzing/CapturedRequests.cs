using System.Buffers.Binary;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Tests.Kafka;

namespace Hybrid.Sandbox.Tests.Fuzzing;

/// <summary>The requests that librdkafka sends while it produces, consumes, commits and administers.</summary>
public sealed class CapturedRequests : IAsyncLifetime
{
    private const int OfEachKind = 4;
    private static readonly TimeSpan Patience = RunningBroker.Patience;

    /// <summary>Some of each API and version, with their lengths.</summary>
    internal IReadOnlyList<byte[]> Frames { get; private set; } = [];

    public async Task InitializeAsync()
    {
        await using var running = await RunningBroker.StartAsync();
        await using var proxy = new RecordingProxy(running.Broker.Port);
        await AdministerAsync(proxy.BootstrapServers);
        Produce(proxy.BootstrapServers);
        ConsumeAndCommit(proxy.BootstrapServers);
        await InspectAsync(proxy.BootstrapServers);
        Frames = [.. proxy.Requests
            .GroupBy(frame => BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(sizeof(int))))
            .SelectMany(kind => kind.OrderBy(frame => frame.Length).Take(OfEachKind))];
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>The APIs of which there are requests.</summary>
    internal IEnumerable<ApiKey> Apis =>
        Frames.Select(frame => (ApiKey)BinaryPrimitives.ReadInt16BigEndian(frame.AsSpan(sizeof(int)))).Distinct();

    private static async Task AdministerAsync(string bootstrapServers)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
        await admin.CreateTopicsAsync(
        [
            new TopicSpecification { Name = "fuzzed", NumPartitions = 2, ReplicationFactor = 1 },
            new TopicSpecification { Name = "compacted", NumPartitions = 1, ReplicationFactor = 1, Configs = new() { ["cleanup.policy"] = "compact" } },
        ]);
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = "fuzzed", IncreaseTo = 3 }]);
        var topic = new ConfigResource { Type = ResourceType.Topic, Name = "fuzzed" };
        await admin.DescribeConfigsAsync([topic]);
        await admin.IncrementalAlterConfigsAsync(new()
        {
            [topic] = [new ConfigEntry { Name = "retention.ms", Value = "100000", IncrementalOperation = AlterConfigOpType.Set }],
        });
    }

    private static void Produce(string bootstrapServers)
    {
        foreach (var compression in new[] { CompressionType.None, CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4 })
        {
            using var producer = new ProducerBuilder<string, string>(
                new ProducerConfig { BootstrapServers = bootstrapServers, CompressionType = compression, TransactionalId = $"fuzz-{compression}" }).Build();
            producer.InitTransactions(Patience);
            producer.BeginTransaction();
            for (var i = 0; i < 20; i++)
            {
                producer.Produce(i % 2 == 0 ? "fuzzed" : "compacted", new Message<string, string> { Key = $"key-{i % 5}", Value = new string('v', 50) });
            }
            producer.SendOffsetsToTransaction([new TopicPartitionOffset("fuzzed", 0, 3)], MetadataOfAGroup(bootstrapServers), Patience);
            producer.CommitTransaction(Patience);
        }
    }

    private static void ConsumeAndCommit(string bootstrapServers)
    {
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = "fuzz",
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            FetchWaitMaxMs = 20,
        }).Build();
        consumer.Subscribe(["fuzzed", "compacted"]);
        var first = consumer.Consume(Patience);
        consumer.Commit(first);
        consumer.Committed(consumer.Assignment, Patience);
        consumer.OffsetsForTimes([new TopicPartitionTimestamp("fuzzed", 0, new Timestamp(DateTimeOffset.UnixEpoch))], Patience);
        consumer.Close();
    }

    private static async Task InspectAsync(string bootstrapServers)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
        await admin.ListConsumerGroupsAsync();
        await admin.DescribeConsumerGroupsAsync(["fuzz"]);
        await admin.DeleteRecordsAsync([new TopicPartitionOffset("fuzzed", 0, 1)]);
        await admin.DeleteConsumerGroupOffsetsAsync("fuzz", [new TopicPartition("fuzzed", 0)]);
        await admin.DeleteGroupsAsync(["fuzz"]);
        await admin.DeleteTopicsAsync(["compacted"]);
    }

    /// <summary>The metadata of a group that a consumer never joined, which a transaction may carry offsets for.</summary>
    private static IConsumerGroupMetadata MetadataOfAGroup(string bootstrapServers)
    {
        using var consumer = new ConsumerBuilder<string, string>(
            new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = "fuzz-offsets" }).Build();
        return consumer.ConsumerGroupMetadata;
    }
}
