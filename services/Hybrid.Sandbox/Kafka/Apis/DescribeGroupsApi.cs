using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Describes groups and their members.</summary>
internal sealed class DescribeGroupsApi(GroupCoordinator groups) : IApi
{
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
        var ids = new string[count];
        for (var i = 0; i < count; i++)
        {
            ids[i] = reader.String();
        }
        var operations = version >= 3 && reader.Boolean();
        response.ArrayLength(count);
        foreach (var id in ids)
        {
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
                response.Int32(AuthorisedOperations.OnGroup(operations));
            }
            response.TaggedFields();
        }
        response.TaggedFields();
        return new(true);
    }
}
