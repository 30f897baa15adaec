using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Hybrid.Sandbox.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Sandbox.Tests.Kafka;

/// <summary>A broker in a directory of its own, and real clients for it.</summary>
internal sealed class RunningBroker : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Func<KafkaBrokerOptions, KafkaBrokerOptions> _configure;
    private readonly ILogger _logger;
    private KafkaBroker _broker;

    private RunningBroker(Func<KafkaBrokerOptions, KafkaBrokerOptions> configure, ILogger logger)
    {
        _configure = configure;
        _logger = logger;
        Directory = System.IO.Directory.CreateTempSubdirectory("hybrid-kafka-").FullName;
        _broker = Create();
    }

    public string Directory { get; }

    public KafkaBroker Broker => _broker;

    /// <param name="configure">Changes its options.</param>
    /// <param name="logger">Is told what it logs.</param>
    public static async Task<RunningBroker> StartAsync(Func<KafkaBrokerOptions, KafkaBrokerOptions>? configure = null, ILogger? logger = null)
    {
        var running = new RunningBroker(configure ?? (options => options), logger ?? NullLogger.Instance);
        await running._broker.StartAsync(CancellationToken.None);
        return running;
    }

    public Task StopAsync() => _broker.DisposeAsync().AsTask();

    /// <param name="port">Where to listen again; 0 for a new port.</param>
    public async Task RestartAsync(int port = 0)
    {
        await _broker.DisposeAsync();
        _broker = Create(port);
        await _broker.StartAsync(CancellationToken.None);
    }

    public IAdminClient Admin() =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = _broker.BootstrapServers }).Build();

    public async Task CreateTopicAsync(string name, int partitions = 1, Dictionary<string, string>? config = null)
    {
        using var admin = Admin();
        var topic = new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = 1, Configs = config };
        await admin.CreateTopicsAsync([topic]);
    }

    public ProducerConfig ProducerConfig() => new()
    {
        BootstrapServers = _broker.BootstrapServers,
        LingerMs = 2,
        RetryBackoffMs = 5,
    };

    public ConsumerConfig ConsumerConfig(string group, IsolationLevel isolation = IsolationLevel.ReadCommitted) => new()
    {
        BootstrapServers = _broker.BootstrapServers,
        GroupId = group,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        EnableAutoCommit = false,
        IsolationLevel = isolation,
        EnablePartitionEof = true,
        FetchWaitMaxMs = 100,
        SessionTimeoutMs = 6000,
    };

    public IProducer<string, string> Producer(Action<ProducerConfig>? configure = null)
    {
        var config = ProducerConfig();
        configure?.Invoke(config);
        return new ProducerBuilder<string, string>(config).Build();
    }

    public IProducer<string, string> TransactionalProducer(string transactionalId, int timeoutMs = 60_000) => Producer(config =>
    {
        config.TransactionalId = transactionalId;
        config.TransactionTimeoutMs = timeoutMs;
    });

    public IConsumer<string, string> Consumer(string group, IsolationLevel isolation = IsolationLevel.ReadCommitted) =>
        new ConsumerBuilder<string, string>(ConsumerConfig(group, isolation)).Build();

    /// <summary>Everything in a partition, in order, up to its end.</summary>
    public List<ConsumeResult<string, string>> ReadAll(
        string topic, int partition = 0, IsolationLevel isolation = IsolationLevel.ReadCommitted, Offset? from = null)
    {
        using var consumer = Consumer($"reader-{Guid.NewGuid()}", isolation);
        consumer.Assign(new TopicPartitionOffset(topic, partition, from ?? Offset.Beginning));
        var records = new List<ConsumeResult<string, string>>();
        while (true)
        {
            var result = consumer.Consume(Patience)
                ?? throw new TimeoutException($"{topic} [{partition}] has no end after {records.Count} records");
            if (result.IsPartitionEOF)
            {
                return records;
            }
            records.Add(result);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private KafkaBroker Create(int port = 0) =>
        new(_configure(new KafkaBrokerOptions { DataDirectory = Directory, Port = port }), _logger);
}
