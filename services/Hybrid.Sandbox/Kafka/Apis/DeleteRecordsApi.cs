using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Topics;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Deletes a partition's records before an offset (KIP-107).</summary>
internal sealed class DeleteRecordsApi(TopicCatalog topics) : IApi
{
    public ApiVersionRange Versions { get; } = new(ApiKey.DeleteRecords, 0, 2, FlexibleFrom: 2);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var reader = request.Reader();
        response.Int32(0);
        var topicCount = reader.ArrayLength();
        response.ArrayLength(topicCount);
        for (; topicCount > 0; topicCount--)
        {
            var name = reader.String();
            response.String(name);
            var partitionCount = reader.ArrayLength();
            response.ArrayLength(partitionCount);
            for (; partitionCount > 0; partitionCount--)
            {
                var partition = reader.Int32();
                var offset = reader.Int64();
                reader.TaggedFields();
                var error = topics.DeleteRecords(name, partition, offset, out var startOffset);
                response.Int32(partition);
                response.Int64(startOffset);
                response.Error(error);
                response.TaggedFields();
            }
            reader.TaggedFields();
            response.TaggedFields();
        }
        response.TaggedFields();
        return new(true);
    }
}
