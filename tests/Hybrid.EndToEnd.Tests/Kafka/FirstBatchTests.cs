using System.Text;
using Confluent.Kafka;
using Hybrid.EndToEnd.Tests.Lanes;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Measurement;
using Hybrid.Sandbox.Faults;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.EndToEnd.Tests.Kafka;

/// <summary>
/// The first batch of a producer in a partition is refused while the second is on its way: a broker that has nothing of the producer there
/// takes the second, and a client that sees it acknowledged counts the first as delivered.
/// </summary>
public sealed class FirstBatchTests(LaneStack stack) : IClassFixture<LaneStack>
{
    private const int Records = 30;

    [Fact]
    public async Task OfATransactionalProducer_Refused_IsNotLost()
    {
        using var metrics = new HybridMetrics();
        var kafka = Clients(metrics);
        await kafka.EnsureTopicsAsync(CancellationToken.None);
        using var producer = kafka.CreateTransactionalProducer("first", config => config.LingerMs = 0);
        producer.InitTransactions(LaneFixture.Patience);
        producer.BeginTransaction();

        await ProduceAsync(kafka, producer);
        producer.CommitTransaction();

        AssertAllAreThere(kafka);
    }

    private KafkaClients Clients(HybridMetrics metrics) => new(
        new KafkaOptions { BootstrapServers = stack.BootstrapServers, TopicPrefix = Guid.NewGuid().ToString("n")[..8] + "." }, metrics, NullLoggerFactory.Instance);

    private async Task ProduceAsync(KafkaClients kafka, IProducer<byte[], byte[]> producer)
    {
        var topic = kafka.Topics.DeadLetters;
        var fault = new FaultSpecification { Service = "kafka", Operation = "Produce", Target = topic, Times = 1 };
        using var delay = stack.Inject(fault with { Latency = "100ms" });
        using var refusal = stack.Inject(fault with { Error = "NOT_LEADER_OR_FOLLOWER" });
        for (var i = 0; i < Records; i++)
        {
            producer.Produce(new TopicPartition(topic, 0), new Message<byte[], byte[]> { Value = Encoding.UTF8.GetBytes($"{i}") });
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }

        producer.Flush(LaneFixture.Patience);
    }

    private static void AssertAllAreThere(KafkaClients kafka)
    {
        using var consumer = kafka.ConsumerBuilder("first-batch", config => config.EnablePartitionEof = true).Build();
        consumer.Assign(new TopicPartitionOffset(kafka.Topics.DeadLetters, 0, 0));
        var seen = new List<string>();
        while (consumer.Consume(LaneFixture.Patience) is { IsPartitionEOF: false } record)
        {
            seen.Add(Encoding.UTF8.GetString(record.Message.Value));
        }

        Assert.Equal(Enumerable.Range(0, Records).Select(i => $"{i}"), seen);
    }
}
