using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Transactions;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Commits or aborts a producer's transaction; the markers are written when it answers.</summary>
internal sealed class EndTxnApi(TransactionCoordinator transactions) : IApi
{
    private const short FirstThatKnowsFenced = 2;

    public ApiVersionRange Versions { get; } = new(ApiKey.EndTxn, 0, 3, FlexibleFrom: 3);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var reader = request.Reader();
        var transactionalId = reader.String();
        var producerId = reader.Int64();
        var epoch = reader.Int16();
        var error = transactions.End(transactionalId, producerId, epoch, commit: reader.Boolean());
        response.Int32(0);
        response.Error(FencedError.For(error, request.Version >= FirstThatKnowsFenced));
        response.TaggedFields();
        return new(true);
    }
}
