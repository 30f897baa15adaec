using Hybrid.Sandbox.Kafka.Log;
using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Topics;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Finds offsets by time, and the first and the last.</summary>
internal sealed class ListOffsetsApi(TopicCatalog topics) : IApi
{
    private const long Latest = -1;
    private const long Earliest = -2;
    private const long MaxTimestamp = -3;
    private const sbyte ReadCommitted = 1;

    public ApiVersionRange Versions { get; } = new(ApiKey.ListOffsets, 0, 7, FlexibleFrom: 6);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var version = request.Version;
        var reader = request.Reader();
        reader.Int32();
        var committed = version >= 2 && reader.Int8() == ReadCommitted;
        if (version >= 2)
        {
            response.Int32(0);
        }
        var topicCount = reader.ArrayLength();
        response.ArrayLength(topicCount);
        for (; topicCount > 0; topicCount--)
        {
            var topic = reader.String();
            response.String(topic);
            var partitionCount = reader.ArrayLength();
            response.ArrayLength(partitionCount);
            for (; partitionCount > 0; partitionCount--)
            {
                var partition = reader.Int32();
                if (version >= 4)
                {
                    reader.Int32();
                }
                var timestamp = reader.Int64();
                if (version == 0)
                {
                    reader.Int32();
                }
                reader.TaggedFields();
                Write(response, version, partition, topics.FindPartition(topic, partition), timestamp, committed);
            }
            reader.TaggedFields();
            response.TaggedFields();
        }
        response.TaggedFields();
        return new(true);
    }

    private static void Write(ResponseWriter response, short version, int partition, PartitionLog? log, long timestamp, bool committed)
    {
        var found = log is null ? new TimestampedOffset(-1, -1) : Find(log, timestamp, committed);
        response.Int32(partition);
        response.Error(log is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.None);
        if (version == 0)
        {
            response.ArrayLength(found.Offset < 0 ? 0 : 1);
            if (found.Offset >= 0)
            {
                response.Int64(found.Offset);
            }
        }
        else
        {
            response.Int64(found.Timestamp);
            response.Int64(found.Offset);
        }
        if (version >= 4)
        {
            response.Int32(found.Offset < 0 ? -1 : 0);
        }
        response.TaggedFields();
    }

    private static TimestampedOffset Find(PartitionLog log, long timestamp, bool committed)
    {
        switch (timestamp)
        {
            case Latest:
                return new TimestampedOffset(committed ? log.LastStableOffset : log.HighWatermark, -1);
            case Earliest:
                return new TimestampedOffset(log.StartOffset, -1);
            default:
                var found = timestamp == MaxTimestamp ? log.FindLatest() : log.FindByTime(timestamp);
                return committed && found.Offset >= log.LastStableOffset ? new TimestampedOffset(-1, -1) : found;
        }
    }
}
