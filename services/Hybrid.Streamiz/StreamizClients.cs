using Confluent.Kafka;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Lanes;
using Streamiz.Kafka.Net.Kafka;

namespace Hybrid.Streamiz;

/// <summary>Streamiz's clients with the settings and the statistics that every other client of the service has.</summary>
internal sealed class StreamizClients(KafkaOptions options, LaneOptions lane, KafkaClients clients) : DefaultKafkaClientBuilder
{
    private const string MainConsumerSuffix = "-streamiz-consumer";

    private int _members;

    public override ConsumerBuilder<byte[], byte[]> GetConsumerBuilder(ConsumerConfig config)
    {
        Complete(config);
        config.FetchWaitMaxMs = 100;
        config.FetchErrorBackoffMs = 50;
        if (config.ClientId.EndsWith(MainConsumerSuffix, StringComparison.Ordinal))
        {
            JoinGroup(config);
        }

        var observe = clients.Observe();
        return base.GetConsumerBuilder(config).SetStatisticsHandler((_, json) => observe(json));
    }

    public override ProducerBuilder<byte[], byte[]> GetProducerBuilder(ProducerConfig config)
    {
        Complete(config);
        var observe = clients.Observe();
        return base.GetProducerBuilder(config).SetStatisticsHandler((_, json) => observe(json));
    }

    public override AdminClientBuilder GetAdminBuilder(AdminClientConfig config)
    {
        Complete(config);
        return base.GetAdminBuilder(config);
    }

    private void JoinGroup(ConsumerConfig config)
    {
        var member = _members++;
        config.SessionTimeoutMs = (int)lane.SessionTimeout.TotalMilliseconds;
        config.HeartbeatIntervalMs = Math.Max(1, (int)lane.SessionTimeout.TotalMilliseconds / 5);
        config.GroupInstanceId = lane.Instance is null || member == 0 ? lane.Instance : $"{lane.Instance}-{member}";
        config.EnablePartitionEof = true;
    }

    private void Complete(ClientConfig config)
    {
        foreach (var (name, value) in options.Client)
        {
            config.Set(name, value);
        }

        config.StatisticsIntervalMs = KafkaClients.StatisticsIntervalMilliseconds;
        config.SocketKeepaliveEnable = true;
        config.ReconnectBackoffMs = 20;
        config.ReconnectBackoffMaxMs = 1_000;
    }
}
