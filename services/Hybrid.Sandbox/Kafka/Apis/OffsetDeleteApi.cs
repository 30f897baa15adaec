using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Deletes offsets of a group that has no members (KIP-496).</summary>
internal sealed class OffsetDeleteApi(GroupCoordinator groups) : IApi
{
    public ApiVersionRange Versions { get; } = new(ApiKey.OffsetDelete, 0, 0, FlexibleFrom: 1);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var reader = request.Reader();
        var group = groups.Find(reader.String());
        var topics = new List<(string Name, int[] Partitions)>();
        for (var count = reader.ArrayLength(); count > 0; count--)
        {
            topics.Add((reader.String(), reader.Int32Array()));
        }
        var busy = group?.HasMembers() ?? false;
        var error = group is null ? ErrorCode.GroupIdNotFound : ErrorCode.None;
        var wanted = topics
            .SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Name, partition)))
            .ToHashSet();
        if (group is not null && !busy)
        {
            group.ForgetOffsets(wanted.Contains);
        }
        response.Error(error);
        response.Int32(0);
        response.ArrayLength(error == ErrorCode.None ? topics.Count : 0);
        foreach (var (name, partitions) in error == ErrorCode.None ? topics : [])
        {
            response.String(name);
            response.ArrayLength(partitions.Length);
            foreach (var partition in partitions)
            {
                response.Int32(partition);
                response.Error(busy ? ErrorCode.GroupSubscribedToTopic : ErrorCode.None);
            }
        }
        return new(true);
    }
}
