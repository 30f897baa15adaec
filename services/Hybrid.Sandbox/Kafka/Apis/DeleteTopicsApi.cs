using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Topics;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Deletes topics, their records and what groups committed for them.</summary>
internal sealed class DeleteTopicsApi(TopicCatalog topics, GroupCoordinator groups) : IApi
{
    public ApiVersionRange Versions { get; } = new(ApiKey.DeleteTopics, 0, 5, FlexibleFrom: 4);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var version = request.Version;
        var reader = request.Reader();
        if (version >= 1)
        {
            response.Int32(0);
        }
        var count = reader.ArrayLength();
        response.ArrayLength(count);
        for (; count > 0; count--)
        {
            var name = reader.String();
            var error = topics.Delete(name);
            if (error == ErrorCode.None)
            {
                groups.ForgetTopic(name);
            }
            response.String(name);
            response.Error(error);
            if (version >= 5)
            {
                response.String(null);
            }
            response.TaggedFields();
        }
        response.TaggedFields();
        return new(true);
    }
}
