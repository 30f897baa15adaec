using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Transactions;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Adds a group's offsets to a producer's transaction.</summary>
internal sealed class AddOffsetsToTxnApi(TransactionCoordinator transactions) : IApi
{
    private const short FirstThatKnowsFenced = 2;

    public ApiVersionRange Versions { get; } = new(ApiKey.AddOffsetsToTxn, 0, 3, FlexibleFrom: 3);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var reader = request.Reader();
        var transactionalId = reader.String();
        var producerId = reader.Int64();
        var epoch = reader.Int16();
        var group = reader.String();
        var error = GroupCoordinator.IsValidId(group)
            ? transactions.AddGroup(transactionalId, producerId, epoch, group)
            : ErrorCode.InvalidGroupId;
        response.Int32(0);
        response.Error(FencedError.For(error, request.Version >= FirstThatKnowsFenced));
        response.TaggedFields();
        return new(true);
    }
}
