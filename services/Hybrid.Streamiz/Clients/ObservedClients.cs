using Confluent.Kafka;
using Hybrid.Pipeline.Lanes;
using Microsoft.Extensions.Logging;
using Streamiz.Kafka.Net.Kafka;
using Streamiz.Kafka.Net.Metrics;

namespace Hybrid.Streamiz.Clients;

/// <summary>Gives Streamiz its clients, watched, and the main consumers begun where the restart policy says.</summary>
internal sealed class ObservedClients(IKafkaSupplier inner, StreamizParts parts, StreamPositions positions, ILogger logger) : IKafkaSupplier
{
    // What is passed over is not in the stores, so all of the window is read again.
    private TimeSpan LatestWindow => parts.Lane.LatestWindow > parts.Window.Length ? parts.Lane.LatestWindow : parts.Window.Length;

    public StreamMetricsRegistry MetricsRegistry
    {
        get => inner.MetricsRegistry;
        set => inner.MetricsRegistry = value;
    }

    public IConsumer<byte[], byte[]> GetConsumer(ConsumerConfig config, IConsumerRebalanceListener rebalanceListener)
    {
        var listener = parts.Lane.Restart == RestartPolicy.Latest
            ? new LatestStartListener(rebalanceListener, LatestWindow, parts.Clock, parts.Metrics, logger)
            : rebalanceListener;
        return new ObservedConsumer(inner.GetConsumer(config, listener), parts.Options.PollInterval, positions, parts.Time, logger);
    }

    public IProducer<byte[], byte[]> GetProducer(ProducerConfig config) => new ObservedProducer(inner.GetProducer(config), positions);

    public IConsumer<byte[], byte[]> GetRestoreConsumer(ConsumerConfig config) => inner.GetRestoreConsumer(config);

    public IAdminClient GetAdmin(AdminClientConfig config) => inner.GetAdmin(config);

    public IConsumer<byte[], byte[]> GetGlobalConsumer(ConsumerConfig config) => inner.GetGlobalConsumer(config);
}
