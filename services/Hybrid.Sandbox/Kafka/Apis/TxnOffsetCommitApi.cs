using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Topics;
using Hybrid.Sandbox.Kafka.Transactions;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Commits a group's offsets as part of a transaction.</summary>
internal sealed class TxnOffsetCommitApi(TransactionCoordinator transactions, TopicCatalog topics) : IApi
{
    public ApiVersionRange Versions { get; } = new(ApiKey.TxnOffsetCommit, 0, 3, FlexibleFrom: 3);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var version = request.Version;
        var reader = request.Reader();
        var transactionalId = reader.String();
        var group = reader.String();
        var producerId = reader.Int64();
        var epoch = reader.Int16();
        var identity = version >= 3
            ? new MemberIdentity(reader.Int32(), reader.String(), reader.NullableString())
            : new MemberIdentity(-1, "", null);
        var batch = OffsetBatch.Read(ref reader, topics, hasLeaderEpoch: version >= 2, hasTimestamp: false);
        var error = transactions.CommitOffsets(transactionalId, producerId, epoch, group, identity, batch.Known);
        response.Int32(0);
        batch.WriteErrors(response, error);
        response.TaggedFields();
        return new(true);
    }
}
