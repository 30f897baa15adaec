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
    private const short FirstWithRecordErrors = 8;
    private const short AllReplicas = -1;

    /// <summary>What became of a batch, and which of its records are to blame if it was refused.</summary>
    private readonly record struct Outcome(AppendResult Result, IReadOnlyList<int>? Keyless = null)
    {
        public static implicit operator Outcome(ErrorCode error) => new(new AppendResult(error));
    }

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
        var failure = ErrorCode.None;
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
                Outcome outcome = acks is < AllReplicas or > 1 ? ErrorCode.InvalidRequiredAcks
                    : version < FirstWithBatches ? ErrorCode.UnsupportedForMessageFormat
                    : topic is null || log is null ? ErrorCode.UnknownTopicOrPartition
                    : acks == AllReplicas && topic.Config.MinInSyncReplicas > 1 ? ErrorCode.NotEnoughReplicas
                    : Append(topic, log, new TopicPartition(name, partition), batch);
                failure = outcome.Result.Error == ErrorCode.None ? failure : outcome.Result.Error;
                WritePartition(response, version, new TopicPartition(name, partition), outcome, log?.StartOffset ?? -1);
            }
            reader.TaggedFields();
            response.TaggedFields();
        }
        if (version >= 1)
        {
            response.Int32(0);
        }
        response.TaggedFields();
        if (acks == 0 && failure != ErrorCode.None)
        {
            // A producer that waits for no answer learns of a refusal by losing its connection.
            throw new MalformedRequestException($"a batch was refused with {failure}, and its producer wants no answer");
        }
        return new(acks != 0);
    }

    private static void WritePartition(
        ResponseWriter response, short version, TopicPartition partition, Outcome outcome, long startOffset)
    {
        var result = outcome.Result;
        response.Int32(partition.Partition);
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
        if (version >= FirstWithRecordErrors)
        {
            WriteRecordErrors(response, partition, outcome.Keyless ?? []);
        }
        response.TaggedFields();
    }

    /// <summary>Names the records for which a batch was refused (KIP-467).</summary>
    private static void WriteRecordErrors(ResponseWriter response, TopicPartition partition, IReadOnlyList<int> keyless)
    {
        response.ArrayLength(keyless.Count);
        foreach (var index in keyless)
        {
            response.Int32(index);
            response.String(
                $"Compacted topic cannot accept message without key in topic partition {partition.Topic}-{partition.Partition}.");
            response.TaggedFields();
        }
        response.String(keyless.Count == 0 ? null : "One or more records have been rejected");
    }

    private Outcome Append(Topic topic, PartitionLog log, TopicPartition partition, Span<byte> bytes)
    {
        if (bytes.Length >= RecordBatch.HeaderSize && new RecordBatch(bytes) is { Magic: 2, IsTransactional: true } batch
            && transactions.CheckWrite(batch.ProducerId, batch.ProducerEpoch, partition) is var refused and not ErrorCode.None)
        {
            return refused;
        }
        if (topic.Config.Log.Compacts && new RecordBatch(bytes) is { IsIntact: true } keyed)
        {
            try
            {
                if (KeylessRecords.Find(keyed) is { Count: > 0 } keyless)
                {
                    return new Outcome(new AppendResult(ErrorCode.InvalidRecord), keyless);
                }
            }
            catch (InvalidDataException)
            {
                return ErrorCode.InvalidRecord;
            }
        }
        return new Outcome(log.Append(bytes));
    }
}
