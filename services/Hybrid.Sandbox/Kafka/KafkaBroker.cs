using System.Net.Sockets;
using Hybrid.Sandbox.Faults.Kafka;
using Hybrid.Sandbox.Kafka.Apis;
using Hybrid.Sandbox.Kafka.Apis.Errors;
using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Network;
using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Topics;
using Hybrid.Sandbox.Kafka.Transactions;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Kafka;

/// <summary>
/// A single Kafka broker, node 1, for a laptop and for tests: it speaks the wire protocol as Apache Kafka 2.8 does, on the
/// loopback interface only, and keeps everything that it acknowledged in one directory.
/// </summary>
internal sealed class KafkaBroker(KafkaBrokerOptions options, ILogger logger) : IAsyncDisposable
{
    private const string LockFileName = ".lock";

    private readonly BrokerAddress _address = new();
    private readonly CancellationTokenSource _stopping = new();
    private FileStream? _lock;
    private KafkaListener? _listener;
    private TopicCatalog? _topics;
    private GroupCoordinator? _groups;
    private TransactionCoordinator? _transactions;
    private ApiTable? _apis;
    private Task _upkeep = Task.CompletedTask;
    private int _disposed;

    /// <summary>The TCP port that it listens on.</summary>
    /// <exception cref="InvalidOperationException">It was not started.</exception>
    public int Port => _listener?.Port ?? throw new InvalidOperationException("The Kafka broker was not started.");

    /// <summary>What a client puts under <c>bootstrap.servers</c>.</summary>
    public string BootstrapServers => $"{_address.Host}:{Port}";

    /// <summary>What its connections hold.</summary>
    public ConnectionLimits Connections => _listener?.Limits ?? throw new InvalidOperationException("The Kafka broker was not started.");

    /// <summary>How many requests came in, by the name of their API.</summary>
    public IReadOnlyDictionary<string, long> RequestCounts => _apis?.Counts() ?? new Dictionary<string, long>();

    /// <summary>Recovers what the data directory holds, then listens.</summary>
    /// <exception cref="IOException">The data directory cannot be used, or another broker has it.</exception>
    /// <exception cref="SocketException">The port is in use.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.DataDirectory);
        var lockPath = Path.Combine(options.DataDirectory, LockFileName);
        _lock = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        _listener = new KafkaListener(options, logger);
        _address.Port = _listener.Port;
        cancellationToken.ThrowIfCancellationRequested();
        _topics = new TopicCatalog(options, logger);
        _groups = new GroupCoordinator(options, logger);
        _transactions = new TransactionCoordinator(options, _topics, _groups, logger);
        _apis = new ApiTable(Apis(_topics, _groups, _transactions));
        _listener.Start(_apis, new KafkaFaults(options.Faults, new ErrorAnswers(_address)));
        _upkeep = Task.WhenAll(
            RepeatAsync(options.ConnectionCheckInterval, _listener.CloseStale),
            RepeatAsync(options.TransactionTimeoutCheckInterval, () => _transactions.AbortTimedOut(DateTimeOffset.UtcNow)),
            RepeatAsync(options.RetentionCheckInterval, Tidy));
        logger.BrokerStarted(Port, options.DataDirectory);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _upkeep.ConfigureAwait(false);
        if (_listener is not null)
        {
            await _listener.DisposeAsync().ConfigureAwait(false);
        }
        _transactions?.Dispose();
        _groups?.Dispose();
        _topics?.Dispose();
        if (_lock is not null)
        {
            await _lock.DisposeAsync().ConfigureAwait(false);
        }
        _stopping.Dispose();
    }

    private IEnumerable<IApi> Apis(TopicCatalog topics, GroupCoordinator groups, TransactionCoordinator transactions) =>
    [
        new ProduceApi(topics, transactions),
        new FetchApi(options, topics),
        new ListOffsetsApi(topics),
        new MetadataApi(options, _address, topics),
        new OffsetCommitApi(groups, topics),
        new OffsetFetchApi(groups),
        new FindCoordinatorApi(_address),
        new JoinGroupApi(groups),
        new HeartbeatApi(groups),
        new LeaveGroupApi(groups),
        new SyncGroupApi(groups),
        new DescribeGroupsApi(groups),
        new ListGroupsApi(groups),
        new ApiVersionsApi(() => _apis!.Ranges),
        new CreateTopicsApi(options, topics),
        new DeleteTopicsApi(topics, groups),
        new DeleteRecordsApi(topics),
        new InitProducerIdApi(transactions),
        new OffsetForLeaderEpochApi(topics),
        new AddPartitionsToTxnApi(transactions, topics),
        new AddOffsetsToTxnApi(transactions),
        new EndTxnApi(transactions),
        new TxnOffsetCommitApi(transactions, topics),
        new DescribeConfigsApi(options, topics),
        new AlterConfigsApi(options, topics),
        new CreatePartitionsApi(topics),
        new DeleteGroupsApi(groups),
        new IncrementalAlterConfigsApi(options, topics),
        new OffsetDeleteApi(groups, topics),
    ];

    private void Tidy()
    {
        foreach (var log in _topics!.All.SelectMany(topic => topic.Partitions))
        {
            log.ApplyRetention(logger);
            log.Compact(logger);
        }
        _groups!.ExpireOffsets(DateTimeOffset.UtcNow);
        _groups.RetireIdle();
    }

    private async Task RepeatAsync(TimeSpan interval, Action action)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                try
                {
                    action();
                }
                catch (Exception exception)
                {
                    // A full disk, say. It is tried again the next time, and the rest of the broker goes on.
                    logger.BackgroundFailed(exception);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The broker stops.
        }
    }
}
