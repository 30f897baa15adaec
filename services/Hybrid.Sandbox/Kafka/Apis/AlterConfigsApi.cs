using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Topics;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Replaces all that is set for a topic.</summary>
internal sealed class AlterConfigsApi(KafkaBrokerOptions options, TopicCatalog topics) : IApi
{
    public ApiVersionRange Versions { get; } = new(ApiKey.AlterConfigs, 0, 2, FlexibleFrom: 2);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken) =>
        ConfigAlteration.Handle(request, response, options, topics, incremental: false);
}
