using System.Buffers;
using System.Text;
using Confluent.Kafka;
using Hybrid.Benchmarks.Micro;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Kafka;

namespace Hybrid.Benchmarks.Chain;

/// <summary>Deltas, and the Kafka messages that the publisher makes of them.</summary>
internal sealed class EncodedDeltas
{
    private EncodedDeltas(IReadOnlyList<CatalogDelta> deltas, IReadOnlyList<Message<byte[], byte[]>> messages)
    {
        (Deltas, Messages) = (deltas, messages);
    }

    public IReadOnlyList<CatalogDelta> Deltas { get; }

    public IReadOnlyList<Message<byte[], byte[]>> Messages { get; }

    public static async Task<EncodedDeltas> CreateAsync(IDeltaEncoder encoder, int count, int documents, CancellationToken cancellationToken)
    {
        await encoder.PrepareAsync(cancellationToken);
        var headers = new Headers { { RecordHeaders.Closed, new byte[8] }, { RecordHeaders.Landed, new byte[8] } };
        var deltas = new CatalogDelta[count];
        var messages = new Message<byte[], byte[]>[count];
        var output = new ArrayBufferWriter<byte>(1024);
        for (var i = 0; i < count; i++)
        {
            deltas[i] = SampleDeltas.Create(i, i % documents);
            output.Clear();
            encoder.Encode(deltas[i], output);
            messages[i] = new Message<byte[], byte[]>
            {
                Key = Encoding.UTF8.GetBytes(deltas[i].DocumentId),
                Value = output.WrittenSpan.ToArray(),
                Headers = headers,
            };
        }

        return new EncodedDeltas(deltas, messages);
    }

    public void Produce(KafkaClients kafka)
    {
        using var producer = kafka.CreateProducer();
        var to = new TopicPartition(kafka.Topics.Deltas, Partition.Any);
        foreach (var message in Messages)
        {
            BareProducer.Send(producer, to, message, null);
        }

        producer.Flush(Timeout.InfiniteTimeSpan);
    }
}
