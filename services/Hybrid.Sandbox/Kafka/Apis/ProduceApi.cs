using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Log;
using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Records;
using Hybrid.Sandbox.Kafka.Topics;
using Hybrid.Sandbox.Kafka.Transactions;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>
/// Appends record batches. Versions below 3 carry older formats, which are refused; they are advertised all the same,
/// since librdkafka otherwise takes it that compression is not supported (as Kafka 4 does, KAFKA-18659).
/// </summary>
internal sealed class ProduceApi(TopicCatalog topics, TransactionCoordinator transactions) : IApi
{
    private const short FirstWithBatches = 3;

    public ApiVersionRange Versions { get; } = new(ApiKey.Produce, 0, 9, FlexibleFrom: 9);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var version = request.Version;
        var reader = request.Reader();
        if (version >= FirstWithBatches)
        {
            reader.NullableString();
        }
        var acks = reader.Int16();
        reader.Int32();
        var topicCount = reader.ArrayLength();
        response.ArrayLength(topicCount);
        for (; topicCount > 0; topicCount--)
        {
            var name = reader.String();
            var topic = topics.Find(name);
            var partitionCount = reader.ArrayLength();
            response.String(name);
            response.ArrayLength(partitionCount);
            for (; partitionCount > 0; partitionCount--)
            {
                var partition = reader.Int32();
                var (offset, length) = reader.BytesRange();
                reader.TaggedFields();
                var batch = request.Body.Span.Slice(offset, Math.Max(length, 0));
                var log = topic?.Partition(partition);
                var result = acks is < -1 or > 1 ? new AppendResult(ErrorCode.InvalidRequiredAcks)
                    : version < FirstWithBatches ? new AppendResult(ErrorCode.UnsupportedForMessageFormat)
                    : log is null ? new AppendResult(ErrorCode.UnknownTopicOrPartition)
                    : Append(log, new TopicPartition(name, partition), batch);
                WritePartition(response, version, partition, result, log?.StartOffset ?? -1);
            }
            reader.TaggedFields();
            response.TaggedFields();
        }
        if (version >= 1)
        {
            response.Int32(0);
        }
        response.TaggedFields();
        return new(acks != 0);
    }

    private static void WritePartition(ResponseWriter response, short version, int partition, AppendResult result, long startOffset)
    {
        response.Int32(partition);
        response.Error(result.Error);
        response.Int64(result.BaseOffset);
        if (version >= 2)
        {
            response.Int64(result.AppendTime);
        }
        if (version >= 5)
        {
            response.Int64(startOffset);
        }
        if (version >= 8)
        {
            response.ArrayLength(0);
            response.String(null);
        }
        response.TaggedFields();
    }

    private AppendResult Append(PartitionLog log, TopicPartition partition, Span<byte> bytes)
    {
        if (bytes.Length >= RecordBatch.HeaderSize && new RecordBatch(bytes) is { Magic: 2, IsTransactional: true } batch
            && transactions.CheckWrite(batch.ProducerId, batch.ProducerEpoch, partition) is var refused and not ErrorCode.None)
        {
            return new AppendResult(refused);
        }
        return log.Append(bytes);
    }
}
