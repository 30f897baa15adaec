using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Topics;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Says where a leader epoch ends. There is one leader and one epoch, which ends at the end of the log.</summary>
internal sealed class OffsetForLeaderEpochApi(TopicCatalog topics) : IApi
{
    public ApiVersionRange Versions { get; } = new(ApiKey.OffsetForLeaderEpoch, 0, 4, FlexibleFrom: 4);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var version = request.Version;
        var reader = request.Reader();
        if (version >= 3)
        {
            reader.Int32();
        }
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
                if (version >= 2)
                {
                    reader.Int32();
                }
                var known = reader.Int32() == 0;
                reader.TaggedFields();
                var log = topics.FindPartition(topic, partition);
                response.Error(log is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.None);
                response.Int32(partition);
                if (version >= 1)
                {
                    response.Int32(known && log is not null ? 0 : -1);
                }
                response.Int64(known && log is not null ? log.HighWatermark : -1);
                response.TaggedFields();
            }
            reader.TaggedFields();
            response.TaggedFields();
        }
        response.TaggedFields();
        return new(true);
    }
}
