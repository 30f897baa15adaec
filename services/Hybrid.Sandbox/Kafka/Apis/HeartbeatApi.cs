using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Keeps a member's session, and tells it of rebalances.</summary>
internal sealed class HeartbeatApi(GroupCoordinator groups) : IApi
{
    public ApiVersionRange Versions { get; } = new(ApiKey.Heartbeat, 0, 4, FlexibleFrom: 4);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var reader = request.Reader();
        var group = reader.String();
        var generation = reader.Int32();
        var memberId = reader.String();
        var identity = new MemberIdentity(generation, memberId, request.Version >= 3 ? reader.NullableString() : null);
        if (request.Version >= 1)
        {
            response.Int32(0);
        }
        response.Error(groups.Find(group)?.Heartbeat(identity) ?? ErrorCode.UnknownMemberId);
        response.TaggedFields();
        return new(true);
    }
}
