using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Deletes groups that have no members, with their offsets.</summary>
internal sealed class DeleteGroupsApi(GroupCoordinator groups) : IApi
{
    public ApiVersionRange Versions { get; } = new(ApiKey.DeleteGroups, 0, 2, FlexibleFrom: 2);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var reader = request.Reader();
        response.Int32(0);
        var count = reader.ArrayLength();
        response.ArrayLength(count);
        for (; count > 0; count--)
        {
            var group = reader.String();
            response.String(group);
            response.Error(groups.Delete(group));
            response.TaggedFields();
        }
        response.TaggedFields();
        return new(true);
    }
}
