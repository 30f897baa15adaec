using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Topics;
using Hybrid.Sandbox.Kafka.Transactions;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Adds partitions to a producer's transaction: all of them, or none if one does not exist.</summary>
internal sealed class AddPartitionsToTxnApi(TransactionCoordinator transactions, TopicCatalog topics) : IApi
{
    private const short FirstThatKnowsFenced = 2;

    public ApiVersionRange Versions { get; } = new(ApiKey.AddPartitionsToTxn, 0, 3, FlexibleFrom: 3);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var reader = request.Reader();
        var transactionalId = reader.String();
        var producerId = reader.Int64();
        var epoch = reader.Int16();
        var wanted = new List<TopicPartition>();
        var byTopic = new List<(string Name, int[] Partitions)>();
        for (var count = reader.ArrayLength(); count > 0; count--)
        {
            var (name, partitions) = (reader.String(), reader.Int32Array());
            reader.TaggedFields();
            byTopic.Add((name, partitions));
            wanted.AddRange(partitions.Select(partition => new TopicPartition(name, partition)));
        }
        var unknown = wanted.Where(partition => topics.FindPartition(partition.Topic, partition.Partition) is null).ToHashSet();
        var error = unknown.Count > 0
            ? ErrorCode.OperationNotAttempted
            : FencedError.For(
                transactions.AddPartitions(transactionalId, producerId, epoch, wanted), request.Version >= FirstThatKnowsFenced);

        response.Int32(0);
        response.ArrayLength(byTopic.Count);
        foreach (var (name, partitions) in byTopic)
        {
            response.String(name);
            response.ArrayLength(partitions.Length);
            foreach (var partition in partitions)
            {
                response.Int32(partition);
                response.Error(unknown.Contains(new(name, partition)) ? ErrorCode.UnknownTopicOrPartition : error);
                response.TaggedFields();
            }
            response.TaggedFields();
        }
        response.TaggedFields();
        return new(true);
    }
}
