using System.Buffers;
using System.Text;
using Confluent.Kafka;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Publisher.Publishing;

namespace Hybrid.Benchmarks.Chain;

/// <summary>The Kafka messages that the publisher makes of a partition: keys, values and headers to the byte, made beforehand.</summary>
internal static class PublishedMessages
{
    private const int UsualInFlight = 5;

    public static async Task<IReadOnlyList<Message<byte[], byte[]>>> OfAsync(
        IObjectStore store, IDeltaEncoder encoder, PartitionId partition, CancellationToken cancellationToken)
    {
        await encoder.PrepareAsync(cancellationToken);
        var headers = new Headers { { RecordHeaders.Closed, new byte[8] }, { RecordHeaders.Landed, new byte[8] } };
        var messages = new List<Message<byte[], byte[]>>();
        var value = new ArrayBufferWriter<byte>(1024);
        var prefix = new PartitionLayout(PartitionLayout.DefaultTemplate, partition.Period).Prefix(partition);
        await foreach (var entry in store.ListAsync(prefix, null, cancellationToken))
        {
            await using var content = await store.OpenAsync(entry.Key, cancellationToken)
                ?? throw new InvalidOperationException($"object '{entry.Key}' is gone");
            await using var reader = new ObjectRecordReader(content.Body, entry.Key, partition.Name);
            while (await reader.ReadAsync(cancellationToken))
            {
                if (!reader.TryParse(out var delta, out var error))
                {
                    throw new InvalidOperationException(error.Message);
                }

                value.ResetWrittenCount();
                encoder.Encode(delta, value);
                messages.Add(new Message<byte[], byte[]>
                {
                    Key = Encoding.UTF8.GetBytes(delta.DocumentId),
                    Value = value.WrittenSpan.ToArray(),
                    Headers = headers,
                });
            }
        }

        return messages;
    }

    /// <summary>Sends messages with the settings that the publisher's producer has, but for the transaction and the one request in flight that it asks for.</summary>
    public static void Send(IEnumerable<Message<byte[], byte[]>> messages, KafkaClients kafka)
    {
        using var producer = kafka.CreateProducer(config =>
        {
            TransactionalProducer.Tune(config);
            config.MaxInFlight = UsualInFlight;
        });
        var to = new TopicPartition(kafka.Topics.Deltas, Partition.Any);
        foreach (var message in messages)
        {
            BareProducer.Send(producer, to, message, null);
        }

        producer.Flush(Timeout.InfiniteTimeSpan);
    }
}
