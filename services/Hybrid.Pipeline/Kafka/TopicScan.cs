using Confluent.Kafka;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Pipeline.Kafka;

/// <summary>Reads a topic once from a beginning to its end, for tools: committed records only, no group, nothing committed.</summary>
public static class TopicScan
{
    private const string Group = "operator";

    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Reads every record that is committed when the reader comes to it, up to each partition's end then.</summary>
    /// <param name="kafka">The cluster.</param>
    /// <param name="topic">The topic's whole name; one that does not exist has no records.</param>
    /// <param name="since">Only records from this wall time on; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The records, by rising offset within a partition.</returns>
    /// <exception cref="HybridException">The cluster cannot be reached, or stopped answering for half a minute.</exception>
    public static IEnumerable<ConsumeResult<byte[], byte[]>> Read(
        KafkaClients kafka, string topic, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(kafka);
        using var consumer = kafka.ConsumerBuilder(Group, config =>
        {
            config.EnablePartitionEof = true;
            config.FetchWaitMaxMs = 10;
            config.StatisticsIntervalMs = 0;
        }).Build();
        var begin = Begin(kafka, consumer, topic, since);
        if (begin.Count == 0)
        {
            yield break;
        }

        consumer.Assign(begin);
        for (var (open, last) = (begin.Count, DateTimeOffset.UtcNow); open > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var record = Consume(consumer, topic);
            if (record is null)
            {
                if (DateTimeOffset.UtcNow - last > Patience)
                {
                    throw HybridException.Unreachable($"Kafka has sent nothing of topic {topic} for {Patience.TotalSeconds:0} s: look at the brokers, then try again");
                }

                continue;
            }

            last = DateTimeOffset.UtcNow;
            if (record.IsPartitionEOF)
            {
                open--;
            }
            else
            {
                yield return record;
            }
        }
    }

    private static ConsumeResult<byte[], byte[]>? Consume(IConsumer<byte[], byte[]> consumer, string topic)
    {
        try
        {
            return consumer.Consume(Slice);
        }
        catch (ConsumeException failure)
        {
            throw HybridException.Unreachable($"topic {topic} cannot be read ({failure.Error.Reason}): look at the brokers, then try again", failure);
        }
    }

    private static List<TopicPartitionOffset> Begin(KafkaClients kafka, IConsumer<byte[], byte[]> consumer, string topic, DateTimeOffset? since)
    {
        try
        {
            // Asking for all topics, not for this one, so that a broker that makes topics on demand does not make it.
            using var admin = kafka.CreateAdmin();
            var partitions = admin.GetMetadata(Answer).Topics
                .Where(found => found.Topic == topic)
                .SelectMany(found => found.Partitions)
                .Select(partition => new TopicPartition(topic, partition.PartitionId))
                .ToList();
            var times = since is { } time && partitions.Count > 0
                ? consumer.OffsetsForTimes(partitions.Select(partition => new TopicPartitionTimestamp(partition, new Timestamp(time.UtcDateTime))), Answer)
                    .ToDictionary(found => found.TopicPartition, found => found.Offset)
                : null;
            var begin = new List<TopicPartitionOffset>();
            foreach (var partition in partitions)
            {
                // An offset by its number is fetched at once; librdkafka looks up "the beginning" half a second later.
                var bounds = consumer.QueryWatermarkOffsets(partition, Answer);
                var from = times is null ? bounds.Low : times[partition] == Offset.End ? bounds.High : times[partition];
                if (from < bounds.High)
                {
                    begin.Add(new TopicPartitionOffset(partition, from));
                }
            }

            return begin;
        }
        catch (KafkaException failure)
        {
            throw HybridException.Unreachable($"topic {topic} of Kafka at {kafka.Brokers} cannot be read ({failure.Error.Reason}): start it or correct Kafka:BootstrapServers", failure);
        }
    }
}
