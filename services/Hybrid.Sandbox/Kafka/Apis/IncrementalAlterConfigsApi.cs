using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Topics;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Sets or unsets single settings of a topic (KIP-339).</summary>
internal sealed class IncrementalAlterConfigsApi(KafkaBrokerOptions options, TopicCatalog topics) : IApi
{
    public ApiVersionRange Versions { get; } = new(ApiKey.IncrementalAlterConfigs, 0, 1, FlexibleFrom: 1);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken) =>
        ConfigAlteration.Handle(request, response, options, topics, incremental: true);
}
