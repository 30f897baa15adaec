using Confluent.Kafka;
using Hybrid.Contracts.Lanes;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Lanes;
using Streamiz.Kafka.Net.Kafka;

namespace Hybrid.Streamiz.Clients;

/// <summary>Streamiz's clients with the settings and the statistics that every other client of the service has.</summary>
internal sealed class StreamizClients(KafkaOptions options, LaneOptions lane, KafkaClients clients) : DefaultKafkaClientBuilder
{
    private const string MainConsumerSuffix = "-streamiz-consumer";

    private readonly Dictionary<string, int> _producers = new(StringComparer.Ordinal);
    private readonly string _instance = lane.Instance ?? Guid.NewGuid().ToString("n");
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
        FencePredecessor(config);
        config.MaxInFlight = KafkaClients.OneInFlight;
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

    /// <summary>
    /// Streamiz keeps its transactional id in the state directory: when that is lost nobody ends the transaction that a killed lane left
    /// open, and a task's state is restored only up to it; and two instances that share one fence one another. So an instance with a name
    /// takes its predecessor's place with or without the directory, and one without a name takes nobody's.
    /// </summary>
    private void FencePredecessor(ProducerConfig config)
    {
        if (config.TransactionalId is null)
        {
            return;
        }

        lock (_producers)
        {
            if (!_producers.TryGetValue(config.ClientId, out var thread))
            {
                _producers[config.ClientId] = thread = _producers.Count;
            }

            config.TransactionalId = $"{options.TopicPrefix}{LaneNames.Streamiz}-{_instance}-{thread}";
        }
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
