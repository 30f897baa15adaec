using System.Collections.Concurrent;
using Confluent.Kafka;
using Hybrid.Pipeline.Lanes;
using Microsoft.Extensions.Logging;
using Streamiz.Kafka.Net.Kafka;
using Streamiz.Kafka.Net.Metrics;

namespace Hybrid.Streamiz.Clients;

/// <summary>
/// Gives Streamiz its clients, watched, and the main consumers begun where the restart policy says. Closes in the end what Streamiz leaves
/// open: administrators always, and members of the group and transactions when a task's last flush throws.
/// </summary>
internal sealed class ObservedClients(IKafkaSupplier inner, StreamizParts parts, StreamPositions positions, ILogger logger) : IKafkaSupplier, IDisposable
{
    private readonly ConcurrentBag<IDisposable> _given = [];

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
        return Keep(new ObservedConsumer(inner.GetConsumer(config, listener), parts.Options.PollInterval, positions, parts.Time, logger));
    }

    public IProducer<byte[], byte[]> GetProducer(ProducerConfig config) => Keep(new ObservedProducer(inner.GetProducer(config), positions));

    public IConsumer<byte[], byte[]> GetRestoreConsumer(ConsumerConfig config) => Keep(new RestoreConsumer(inner.GetRestoreConsumer(config), parts.Kafka));

    public IAdminClient GetAdmin(AdminClientConfig config) => Keep(inner.GetAdmin(config));

    public IConsumer<byte[], byte[]> GetGlobalConsumer(ConsumerConfig config) => Keep(inner.GetGlobalConsumer(config));

    public void Dispose()
    {
        foreach (var client in _given)
        {
            try
            {
                client.Dispose();
            }
            catch (ObjectDisposedException)
            {
                // An administrator that Streamiz has closed itself says so; the others bear to be closed twice.
            }
        }
    }

    private T Keep<T>(T client)
        where T : IDisposable
    {
        _given.Add(client);
        return client;
    }
}
