using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Gives a group's committed offsets; from version 8 on those of several groups.</summary>
internal sealed class OffsetFetchApi(GroupCoordinator groups) : IApi
{
    private const short FirstBatched = 8;

    public ApiVersionRange Versions { get; } = new(ApiKey.OffsetFetch, 0, 8, FlexibleFrom: 6);

    private sealed record Wanted(string Group, List<(string Topic, int[] Partitions)>? Topics);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var version = request.Version;
        var reader = request.Reader();
        if (version >= 3)
        {
            response.Int32(0);
        }
        if (version >= FirstBatched)
        {
            var wanted = new Wanted[reader.ArrayLength()];
            for (var i = 0; i < wanted.Length; i++)
            {
                wanted[i] = Read(ref reader, version);
                reader.TaggedFields();
            }
            var stable = reader.Boolean();
            response.ArrayLength(wanted.Length);
            foreach (var each in wanted)
            {
                response.String(each.Group);
                Write(response, version, each, stable);
                response.Error(ErrorCode.None);
                response.TaggedFields();
            }
        }
        else
        {
            var wanted = Read(ref reader, version);
            Write(response, version, wanted, stable: version >= 7 && reader.Boolean());
            if (version >= 2)
            {
                response.Error(ErrorCode.None);
            }
        }
        response.TaggedFields();
        return new(true);
    }

    private static Wanted Read(ref RequestReader reader, short version)
    {
        var group = reader.String();
        var count = reader.NullableArrayLength();
        if (count < 0 && version >= 2)
        {
            return new Wanted(group, null);
        }
        var topics = new List<(string, int[])>();
        for (; count > 0; count--)
        {
            topics.Add((reader.String(), reader.Int32Array()));
            reader.TaggedFields();
        }
        return new Wanted(group, topics);
    }

    private void Write(ResponseWriter response, short version, Wanted wanted, bool stable)
    {
        var group = groups.Find(wanted.Group);
        var topics = wanted.Topics ?? [.. (group?.CommittedPartitions() ?? [])
            .GroupBy(partition => partition.Topic)
            .Select(topic => (topic.Key, topic.Select(partition => partition.Partition).Order().ToArray()))];
        response.ArrayLength(topics.Count);
        foreach (var (topic, partitions) in topics)
        {
            response.String(topic);
            response.ArrayLength(partitions.Length);
            foreach (var partition in partitions)
            {
                var error = ErrorCode.None;
                var committed = group?.Offset(new(topic, partition), stable, out error);
                response.Int32(partition);
                response.Int64(committed?.Offset ?? -1);
                if (version >= 5)
                {
                    response.Int32(committed?.LeaderEpoch ?? -1);
                }
                response.String(committed?.Metadata ?? "");
                response.Error(error);
                response.TaggedFields();
            }
            response.TaggedFields();
        }
    }
}
