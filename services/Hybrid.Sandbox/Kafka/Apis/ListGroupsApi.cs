using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Kafka.Apis;

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
