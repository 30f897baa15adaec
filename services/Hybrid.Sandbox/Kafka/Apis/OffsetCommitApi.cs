using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Topics;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Commits a group's offsets.</summary>
internal sealed class OffsetCommitApi(GroupCoordinator groups, TopicCatalog topics) : IApi
{
    public ApiVersionRange Versions { get; } = new(ApiKey.OffsetCommit, 0, 8, FlexibleFrom: 8);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var version = request.Version;
        var reader = request.Reader();
        var group = reader.String();
        var generation = version >= 1 ? reader.Int32() : -1;
        var memberId = version >= 1 ? reader.String() : "";
        var identity = new MemberIdentity(generation, memberId, version >= 7 ? reader.NullableString() : null);
        if (version is >= 2 and <= 4)
        {
            reader.Int64();
        }
        var batch = OffsetBatch.Read(ref reader, topics, hasLeaderEpoch: version >= 6, hasTimestamp: version == 1);
        var error = groups.Commit(group, identity, batch.Known);
        if (version >= 3)
        {
            response.Int32(0);
        }
        batch.WriteErrors(response, error);
        response.TaggedFields();
        return new(true);
    }
}
