using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Topics;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Deletes offsets of a group, of topics that none of its members subscribes to (KIP-496).</summary>
internal sealed class OffsetDeleteApi(GroupCoordinator groups, TopicCatalog topics) : IApi
{
    public ApiVersionRange Versions { get; } = new(ApiKey.OffsetDelete, 0, 0, FlexibleFrom: 1);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var reader = request.Reader();
        var group = groups.Find(reader.String());
        var requested = new List<(string Name, int[] Partitions)>();
        for (var count = reader.ArrayLength(); count > 0; count--)
        {
            requested.Add((reader.String(), reader.Int32Array()));
        }
        var wanted = requested
            .SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Name, partition)))
            .ToHashSet();
        IReadOnlySet<TopicPartition> consumed = new HashSet<TopicPartition>();
        var error = group?.DeleteOffsets(wanted, out consumed) ?? ErrorCode.GroupIdNotFound;
        response.Error(error);
        response.Int32(0);
        response.ArrayLength(error == ErrorCode.None ? requested.Count : 0);
        foreach (var (name, partitions) in error == ErrorCode.None ? requested : [])
        {
            response.String(name);
            response.ArrayLength(partitions.Length);
            foreach (var partition in partitions)
            {
                response.Int32(partition);
                response.Error(topics.FindPartition(name, partition) is null ? ErrorCode.UnknownTopicOrPartition
                    : consumed.Contains(new(name, partition)) ? ErrorCode.GroupSubscribedToTopic
                    : ErrorCode.None);
            }
        }
        return new(true);
    }
}
