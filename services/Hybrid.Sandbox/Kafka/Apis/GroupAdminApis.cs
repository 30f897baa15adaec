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

/// <summary>Lists the groups, from version 4 on those in given states.</summary>
internal sealed class ListGroupsApi(GroupCoordinator groups) : IApi
{
    public ApiVersionRange Versions { get; } = new(ApiKey.ListGroups, 0, 4, FlexibleFrom: 3);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var version = request.Version;
        var states = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (version >= 4)
        {
            var reader = request.Reader();
            for (var count = reader.ArrayLength(); count > 0; count--)
            {
                states.Add(reader.String());
            }
        }
        if (version >= 1)
        {
            response.Int32(0);
        }
        response.Error(ErrorCode.None);
        var listed = groups.All
            .Select(group => (group.Id, Description: group.Describe()))
            .Where(group => states.Count == 0 || states.Contains(group.Description.State))
            .OrderBy(group => group.Id, StringComparer.Ordinal)
            .ToArray();
        response.ArrayLength(listed.Length);
        foreach (var (id, description) in listed)
        {
            response.String(id);
            response.String(description.ProtocolType);
            if (version >= 4)
            {
                response.String(description.State);
            }
            response.TaggedFields();
        }
        response.TaggedFields();
        return new(true);
    }
}

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
