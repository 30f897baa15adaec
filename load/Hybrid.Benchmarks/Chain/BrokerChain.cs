using System.Diagnostics;
using Confluent.Kafka;
using Hybrid.Pipeline.Kafka;

namespace Hybrid.Benchmarks.Chain;

/// <summary>The sandbox's broker through one Confluent.Kafka client, records of 200 bytes, against the rates it is required to reach.</summary>
internal static class BrokerChain
{
    private const int ValueBytes = 200;
    private const double RequiredIn = 100_000;
    private const double RequiredOut = 150_000;

    public static async Task<IReadOnlyList<ChainFigure>> RunAsync(KafkaClients kafka, ChainOptions options, Action<string> progress, CancellationToken cancellationToken)
    {
        var (rateIn, rateOut) = (new List<Measured>(), new List<Measured>());
        for (var round = 0; round <= options.Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress($"broker, round {round} of {options.Rounds}");
            var topic = $"bench-{round}";
            var produced = await Task.Run(() => Produce(kafka, topic, options.Records), cancellationToken);
            var consumed = await Task.Run(() => Consume(kafka, topic, options.Records, cancellationToken), cancellationToken);
            if (round > 0)
            {
                rateIn.Add(new Measured(produced));
                rateOut.Add(new Measured(consumed));
            }
        }

        return
        [
            ChainFigure.Required("sandbox broker, in", rateIn, RequiredIn),
            ChainFigure.Required("sandbox broker, out", rateOut, RequiredOut),
        ];
    }

    private static double Produce(KafkaClients kafka, string topic, int records)
    {
        using var producer = kafka.CreateProducer(config =>
        {
            config.CompressionType = CompressionType.None;
            config.AllowAutoCreateTopics = true;
        });
        var value = new byte[ValueBytes];
        Random.Shared.NextBytes(value);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < records; i++)
        {
            BareProducer.Send(producer, new TopicPartition(topic, Partition.Any), new Message<byte[], byte[]> { Value = value }, null);
        }

        producer.Flush(Timeout.InfiniteTimeSpan);
        return records / clock.Elapsed.TotalSeconds;
    }

    private static double Consume(KafkaClients kafka, string topic, int records, CancellationToken cancellationToken)
    {
        using var consumer = kafka.ConsumerBuilder("bench").Build();
        var partitions = Partitions(kafka, topic);
        consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        consumer.Consume(cancellationToken);
        var clock = Stopwatch.StartNew();
        for (var seen = 1; seen < records; seen++)
        {
            consumer.Consume(cancellationToken);
        }

        var rate = (records - 1) / clock.Elapsed.TotalSeconds;
        consumer.Close();
        return rate;
    }

    private static IEnumerable<int> Partitions(KafkaClients kafka, string topic)
    {
        using var admin = kafka.CreateAdmin();
        return admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics.Single().Partitions.Select(partition => partition.PartitionId).ToArray();
    }
}
