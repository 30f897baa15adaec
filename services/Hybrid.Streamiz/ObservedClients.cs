using Confluent.Kafka;
using Hybrid.Pipeline.Lanes;
using Microsoft.Extensions.Logging;
using Streamiz.Kafka.Net.Kafka;
using Streamiz.Kafka.Net.Metrics;

namespace Hybrid.Streamiz;

/// <summary>Gives Streamiz its clients, the main consumers watched and begun where the restart policy says.</summary>
internal sealed class ObservedClients(IKafkaSupplier inner, StreamizParts parts, StreamPositions positions, ILogger logger) : IKafkaSupplier
{
    public StreamMetricsRegistry MetricsRegistry
    {
        get => inner.MetricsRegistry;
        set => inner.MetricsRegistry = value;
    }

    public IConsumer<byte[], byte[]> GetConsumer(ConsumerConfig config, IConsumerRebalanceListener rebalanceListener)
    {
        var listener = parts.Lane.Restart == RestartPolicy.Latest
            ? new LatestStartListener(rebalanceListener, parts.Lane, parts.Clock, parts.Metrics, logger)
            : rebalanceListener;
        return new ObservedConsumer(inner.GetConsumer(config, listener), parts.Options.PollInterval, positions, parts.Time, logger);
    }

    public IProducer<byte[], byte[]> GetProducer(ProducerConfig config) => inner.GetProducer(config);

    public IConsumer<byte[], byte[]> GetRestoreConsumer(ConsumerConfig config) => inner.GetRestoreConsumer(config);

    public IAdminClient GetAdmin(AdminClientConfig config) => inner.GetAdmin(config);

    public IConsumer<byte[], byte[]> GetGlobalConsumer(ConsumerConfig config) => inner.GetGlobalConsumer(config);
}
