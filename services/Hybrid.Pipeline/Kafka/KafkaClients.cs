using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Measurement;
using Microsoft.Extensions.Logging;

namespace Hybrid.Pipeline.Kafka;

/// <summary>Makes the service's Kafka clients, all with the same settings, statistics and log.</summary>
public sealed partial class KafkaClients
{
    /// <summary>How often clients report their statistics, milliseconds.</summary>
    public const int StatisticsIntervalMilliseconds = 500;

    /// <summary>
    /// One request in flight to a broker, for every producer. A broker that has nothing of a producer in a partition yet takes its second
    /// batch when it refused the first (a leader that moves is enough), and librdkafka then counts the first as delivered: with several in
    /// flight records are lost silently, even within a transaction.
    /// </summary>
    public const int OneInFlight = 1;

    private readonly KafkaOptions _options;
    private readonly HybridMetrics _metrics;
    private readonly ILogger _logger;
    private readonly RepeatedErrors _repeated = new(TimeProvider.System);

    /// <summary>Makes the factory.</summary>
    /// <param name="options">The cluster.</param>
    /// <param name="metrics">Requests and bytes are counted here.</param>
    /// <param name="loggers">librdkafka's log goes here.</param>
    public KafkaClients(KafkaOptions options, HybridMetrics metrics, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _metrics = metrics;
        _logger = loggers.CreateLogger("Hybrid.Kafka");
        Topics = new TopicNames(options.TopicPrefix);
    }

    /// <summary>The topics' names.</summary>
    public TopicNames Topics { get; }

    /// <summary>Where the cluster is, as <see cref="KafkaOptions.BootstrapServers"/> says it.</summary>
    public string Brokers => _options.BootstrapServers;

    /// <summary>Makes an idempotent producer.</summary>
    /// <param name="adjust">Changes settings before it is made.</param>
    public IProducer<byte[], byte[]> CreateProducer(Action<ProducerConfig>? adjust = null)
    {
        var config = new ProducerConfig(Base())
        {
            EnableIdempotence = true,
            MaxInFlight = OneInFlight,
            LingerMs = 5,
            BatchSize = 1_000_000,
            QueueBufferingMaxMessages = 500_000,
            CompressionType = Enum.Parse<CompressionType>(_options.Compression, ignoreCase: true),
            RetryBackoffMs = 2,
        };
        adjust?.Invoke(config);
        var statistics = new ClientStatistics(_metrics);
        return new ProducerBuilder<byte[], byte[]>(config)
            .SetStatisticsHandler((_, json) => statistics.Handle(json))
            .SetLogHandler((_, message) => LogClient(message))
            .SetErrorHandler((_, error) => LogClientError(error))
            .Build();
    }

    /// <summary>Makes a transactional producer; the caller calls <c>InitTransactions</c>.</summary>
    /// <param name="transactionalId">The id that fences predecessors; the topic prefix is put before it.</param>
    /// <param name="adjust">Changes settings before it is made.</param>
    public IProducer<byte[], byte[]> CreateTransactionalProducer(string transactionalId, Action<ProducerConfig>? adjust = null) =>
        CreateProducer(config =>
        {
            config.TransactionalId = _options.TopicPrefix + transactionalId;
            adjust?.Invoke(config);
        });

    /// <summary>Begins a consumer that reads committed records only and never commits by itself.</summary>
    /// <param name="groupId">The group; the topic prefix is put before it.</param>
    /// <param name="adjust">Changes settings before it is made.</param>
    public ConsumerBuilder<byte[], byte[]> ConsumerBuilder(string groupId, Action<ConsumerConfig>? adjust = null)
    {
        var config = new ConsumerConfig(Base())
        {
            GroupId = _options.TopicPrefix + groupId,
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            IsolationLevel = IsolationLevel.ReadCommitted,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
            FetchWaitMaxMs = 100,
            FetchErrorBackoffMs = 50,
            RetryBackoffMs = 20,

            // Of each partition: enough for the time of a fetch, and little enough to stay in the processor's cache.
            QueuedMinMessages = 5_000,
            QueuedMaxMessagesKbytes = 16 * 1024,

            // A full queue is looked at again this soon: at the default of a second a fast consumer runs dry in between.
            FetchQueueBackoffMs = 10,
        };
        adjust?.Invoke(config);
        var statistics = new ClientStatistics(_metrics);
        return new ConsumerBuilder<byte[], byte[]>(config)
            .SetStatisticsHandler((_, json) => statistics.Handle(json))
            .SetLogHandler((_, message) => LogClient(message))
            .SetErrorHandler((_, error) => LogClientError(error));
    }

    /// <summary>Counts the requests and bytes of a client that a library makes for itself.</summary>
    /// <returns>Takes that one client's statistics, librdkafka's JSON, each time it reports them.</returns>
    public Action<string> Observe() => new ClientStatistics(_metrics).Handle;

    /// <summary>Makes an admin client.</summary>
    public IAdminClient CreateAdmin() =>
        new AdminClientBuilder(Base())
            .SetLogHandler((_, message) => LogClient(message))
            .SetErrorHandler((_, error) => LogClientError(error))
            .Build();

    /// <summary>Waits until the cluster answers.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HybridException">It does not within <see cref="KafkaOptions.ConnectTimeout"/>.</exception>
    public async Task EnsureReachableAsync(CancellationToken cancellationToken)
    {
        using var admin = CreateAdmin();
        var deadline = DateTimeOffset.UtcNow + _options.ConnectTimeout;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await Task.Run(() => admin.GetMetadata(TimeSpan.FromSeconds(2)), cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (KafkaException failure) when (DateTimeOffset.UtcNow >= deadline)
            {
                throw HybridException.Unreachable(
                    $"Kafka at {_options.BootstrapServers} does not answer ({failure.Error.Reason}): start it or correct Kafka:BootstrapServers", failure);
            }
            catch (KafkaException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Makes the deltas, dead letter, replay and watermark topics where they are missing.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HybridException">The cluster refuses or cannot be reached.</exception>
    public Task EnsureTopicsAsync(CancellationToken cancellationToken) => EnsureTopicsAsync(null, cancellationToken);

    /// <summary>Makes the deltas, dead letter, replay and watermark topics where they are missing, and another one for deltas.</summary>
    /// <param name="moreDeltas">Its name, the prefix included; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HybridException">The cluster refuses or cannot be reached.</exception>
    public async Task EnsureTopicsAsync(string? moreDeltas, CancellationToken cancellationToken)
    {
        await EnsureReachableAsync(cancellationToken).ConfigureAwait(false);
        using var admin = CreateAdmin();
        TopicSpecification[] topics =
        [
            Topic(Topics.Deltas, _options.Partitions, "delete"),
            Topic(Topics.DeadLetters, 1, "delete"),
            Topic(Topics.Watermarks, 1, "compact"),
            Topic(Topics.Replays, 1, "compact"),
            Topic(Topics.Commits, 1, "delete"),
            .. moreDeltas is null ? [] : new[] { Topic(moreDeltas, _options.Partitions, "delete") },
        ];
        try
        {
            await admin.CreateTopicsAsync(topics).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (CreateTopicsException refused)
        {
            if (refused.Results.FirstOrDefault(result => result.Error.Code is not (ErrorCode.NoError or ErrorCode.TopicAlreadyExists)) is { } failed)
            {
                throw new HybridException(
                    ExitCodes.Unreachable,
                    $"Kafka at {_options.BootstrapServers} refuses topic {failed.Topic} ({failed.Error.Reason}): create it or correct Kafka:Partitions and Kafka:ReplicationFactor",
                    refused);
            }
        }
        catch (KafkaException failure)
        {
            throw HybridException.Unreachable($"Kafka at {_options.BootstrapServers} does not create topics ({failure.Error.Reason})", failure);
        }
    }

    private TopicSpecification Topic(string name, int partitions, string cleanup) => new()
    {
        Name = name,
        NumPartitions = partitions,
        ReplicationFactor = _options.ReplicationFactor,
        Configs = new Dictionary<string, string> { ["cleanup.policy"] = cleanup },
    };

    private ClientConfig Base() => new(new Dictionary<string, string>(_options.Client))
    {
        BootstrapServers = _options.BootstrapServers,
        StatisticsIntervalMs = StatisticsIntervalMilliseconds,
        SocketKeepaliveEnable = true,
        ReconnectBackoffMs = 20,
        ReconnectBackoffMaxMs = 1_000,
        AllowAutoCreateTopics = false,
    };

    private void LogClient(LogMessage message) => LogClientLine(message.Facility, message.Message);

    private void LogClientError(Error error)
    {
        if (_repeated.IsDue(error.Code))
        {
            LogClientProblem(error.Code, error.Reason);
        }
        else
        {
            LogClientLine(error.Code.ToString(), error.Reason);
        }
    }

    [LoggerMessage(EventId = 200, Level = LogLevel.Debug, Message = "{Facility}: {Line}")]
    private partial void LogClientLine(string facility, string line);

    [LoggerMessage(EventId = 201, Level = LogLevel.Warning, Message = "Kafka client: {Reason} ({Code})")]
    private partial void LogClientProblem(ErrorCode code, string reason);
}
