using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Describes groups and their members.</summary>
internal sealed class DescribeGroupsApi(GroupCoordinator groups) : IApi
{
    private const int NoAuthorisation = int.MinValue;

    public ApiVersionRange Versions { get; } = new(ApiKey.DescribeGroups, 0, 5, FlexibleFrom: 5);

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
            var id = reader.String();
            var group = groups.Find(id)?.Describe() ?? new GroupDescription(nameof(GroupState.Dead), "", "", []);
            response.Error(ErrorCode.None);
            response.String(id);
            response.String(group.State);
            response.String(group.ProtocolType);
            response.String(group.Protocol);
            response.ArrayLength(group.Members.Count);
            foreach (var member in group.Members)
            {
                response.String(member.Id);
                if (version >= 4)
                {
                    response.String(member.InstanceId);
                }
                response.String(member.ClientId);
                response.String(member.ClientHost);
                response.Bytes(member.Metadata);
                response.Bytes(member.Assignment);
                response.TaggedFields();
            }
            if (version >= 3)
            {
                response.Int32(NoAuthorisation);
            }
            response.TaggedFields();
        }
        response.TaggedFields();
        return new(true);
    }
}
