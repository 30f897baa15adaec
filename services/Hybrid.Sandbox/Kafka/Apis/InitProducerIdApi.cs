using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Transactions;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Gives an idempotent or transactional producer its id and epoch.</summary>
internal sealed class InitProducerIdApi(TransactionCoordinator transactions) : IApi
{
    private const short FirstThatKnowsFenced = 4;

    public ApiVersionRange Versions { get; } = new(ApiKey.InitProducerId, 0, 4, FlexibleFrom: 2);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var version = request.Version;
        var reader = request.Reader();
        var transactionalId = reader.NullableString();
        var timeout = TimeSpan.FromMilliseconds(reader.Int32());
        var (producerId, epoch) = version >= 3 ? (reader.Int64(), reader.Int16()) : (-1L, (short)-1);
        var identity = transactions.Initialise(transactionalId, timeout, producerId, epoch);
        response.Int32(0);
        response.Error(FencedError.For(identity.Error, version >= FirstThatKnowsFenced));
        response.Int64(identity.ProducerId);
        response.Int16(identity.Epoch);
        response.TaggedFields();
        return new(true);
    }
}
