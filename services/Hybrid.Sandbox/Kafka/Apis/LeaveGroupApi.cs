using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Removes members from a group; from version 3 on several at once.</summary>
internal sealed class LeaveGroupApi(GroupCoordinator groups) : IApi
{
    private const short FirstBatched = 3;

    public ApiVersionRange Versions { get; } = new(ApiKey.LeaveGroup, 0, 4, FlexibleFrom: 4);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var version = request.Version;
        var reader = request.Reader();
        var group = groups.Find(reader.String());
        if (version >= 1)
        {
            response.Int32(0);
        }
        if (version < FirstBatched)
        {
            response.Error(group?.Leave(reader.String(), null) ?? ErrorCode.UnknownMemberId);
            return new(true);
        }
        response.Error(ErrorCode.None);
        var count = reader.ArrayLength();
        response.ArrayLength(count);
        for (; count > 0; count--)
        {
            var memberId = reader.String();
            var instanceId = reader.NullableString();
            reader.TaggedFields();
            response.String(memberId);
            response.String(instanceId);
            response.Error(group?.Leave(memberId, instanceId) ?? ErrorCode.UnknownMemberId);
            response.TaggedFields();
        }
        response.TaggedFields();
        return new(true);
    }
}
