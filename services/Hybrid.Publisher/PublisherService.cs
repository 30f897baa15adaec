using Confluent.Kafka;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Discovery;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Lines;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Planning;
using Hybrid.Publisher.Clocks;
using Hybrid.Publisher.Discovery;
using Hybrid.Publisher.Discovery.Notifications;
using Hybrid.Publisher.Measurement;
using Hybrid.Publisher.Progress;
using Hybrid.Publisher.Publishing;
using Hybrid.Publisher.Sharding;
using Hybrid.Publisher.Watermarks;
using Microsoft.Extensions.Logging;

namespace Hybrid.Publisher;

/// <summary>Publishes a time-partitioned source of the object store to Kafka, every object once.</summary>
internal sealed class PublisherService : IHybridService
{
    private const double MaxBackoffSeconds = 5;

    /// <summary>Partitions looked at in one cycle, however many are due: that bounds what a plan holds.</summary>
    private const int MostPartitions = 4_096;

    private readonly PublisherOptions _options;
    private readonly SourceOptions _source;
    private readonly PartitionLayout _layout;
    private readonly IObjectStore _store;
    private readonly KafkaClients _kafka;
    private readonly IDeltaEncoder _encoder;
    private readonly FormatSettings _formats;
    private readonly EventClock _clock;
    private readonly HybridTracing _tracing;
    private readonly ILogger<PublisherService> _logger;
    private readonly ICompletion _completion;
    private readonly IDiscoverySource _discovery;
    private readonly NotifiedDiscovery? _notified;
    private readonly ObjectStoreOptions _storeOptions;
    private readonly PublishTarget _target;
    private readonly PublisherMeter _meter;
    private readonly RecordPacer _pacer;
    private readonly ClockWatch _watch;
    private DateTimeOffset? _until;
    private bool _began;

    public PublisherService(
        PublisherOptions options,
        SourceOptions source,
        IObjectStore store,
        ObjectStoreOptions storeOptions,
        KafkaClients kafka,
        IDeltaEncoder encoder,
        EventClock clock,
        StoreTime storeTime,
        Readiness readiness,
        HybridMetrics metrics,
        HybridTracing tracing,
        ILogger<PublisherService> logger)
    {
        _options = options;
        _source = source;
        _store = store;
        _storeOptions = storeOptions;
        _kafka = kafka;
        _encoder = encoder;
        _formats = FormatSettings.Of(source, options.MaxLineBytes);
        var time = new GuardedTime(clock, storeTime, new ClockGuard(options.MaxClockError));
        _clock = clock.Over(time);
        _tracing = tracing;
        _logger = logger;
        _layout = source.CreateLayout();
        _target = PublishTarget.From(options, source, kafka.Topics);
        _until = options.Until;
        _completion = options.CreateCompletion(_clock);
        _meter = new PublisherMeter(metrics, _clock);
        _watch = new ClockWatch(time, store, readiness, _meter, logger);
        _pacer = new RecordPacer(options.MaxRecordsPerSecond, TimeProvider.System);
        var sweep = new SweepDiscovery(
            store,
            _layout,
            options.CreateDiscoverySettings(),
            metrics,
            new StrayObjects(_layout, metrics, logger));
        _notified = options.NotificationTopic is null ? null : new NotifiedDiscovery(sweep, _layout, options.Marker);
        _discovery = _notified is null ? sweep : _notified;
    }

    public string Name => "publisher";

    public async Task RunAsync(Action started, CancellationToken stopping)
    {
        try
        {
            await Task.WhenAll(
                _store.EnsureBucketAsync(stopping),
                _kafka.EnsureTopicsAsync(_target.Deltas == _kafka.Topics.Deltas ? null : _target.Deltas, stopping),
                _encoder.PrepareAsync(stopping)).ConfigureAwait(false);
            using var feed = Notifications();
            await PublishAsync(started, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private NotificationFeed? Notifications() => _notified is null ? null : new NotificationFeed(
        _kafka,
        _options.NotificationTopic!,
        _options.NotificationsSince,
        new S3EventReader(_storeOptions.Bucket, _storeOptions.Prefix),
        _notified.Take,
        _logger);

    private async Task PublishAsync(Action started, CancellationToken stopping)
    {
        var failures = 0;
        while (true)
        {
            try
            {
                await RunSessionAsync(
                    () =>
                    {
                        started();
                        started = static () => { };
                    },
                    () => failures = 0,
                    stopping).ConfigureAwait(false);
                return;
            }
            catch (KafkaException failure) when (IsFenced(failure.Error))
            {
                throw HybridException.Failure(
                    $"another publisher took over {_target.Description} (transactional id {_target.TransactionalId}): this one stops; run one publisher a {(_target.Shard.IsWhole ? "source" : "shard")}", failure);
            }
            catch (Exception failure) when (IsTransient(failure) && stopping.IsCancellationRequested)
            {
                // What was under way is not committed, and is taken up at the next start.
                LogMessages.StoppedInFailure(_logger, failure.Message.ReplaceLineEndings(" "));
                return;
            }
            catch (Exception failure) when (IsTransient(failure))
            {
                var delay = Math.Min(MaxBackoffSeconds, 0.05 * Math.Pow(2, failures++)) * (0.5 + Random.Shared.NextDouble());
                LogMessages.Retries(_logger, failure.Message.ReplaceLineEndings(" "), delay);
                await Task.Delay(TimeSpan.FromSeconds(delay), stopping).ConfigureAwait(false);
            }
        }
    }

    private async Task RunSessionAsync(Action ready, Action committed, CancellationToken stopping)
    {
        using var producer = await Task.Run(
            () => TransactionalProducer.Open(_kafka, _target.TransactionalId, _options.TransactionTimeout, stopping), stopping).ConfigureAwait(false);
        await using var presence = PublisherPresence.Announce(_kafka, _target.TransactionalId).ConfigureAwait(false);
        await _watch.LookAsync(stopping).ConfigureAwait(false);
        var progress = new ProgressStore(_kafka);
        var handover = new ShardHandover(_kafka, progress, _layout, _options, _logger);
        var before = await handover.FindAsync(_target, _clock.WallNow, stopping).ConfigureAwait(false);
        var kafkaPartitions = CountKafkaPartitions();
        ready();

        var planner = new PublishPlanner(_layout, await SettingsAsync(progress, stopping).ConfigureAwait(false), _completion);
        var start = new SourceStart(_target, _discovery, planner, _layout, _options, _clock, _logger);
        var state = await start.FindAsync(before, stopping).ConfigureAwait(false);
        using var shards = _target.Shard.IsWhole
            ? null
            : await ShardWatermarks.FollowAsync(_kafka, progress, _target, stopping).ConfigureAwait(false);
        var transaction = new PublishTransaction(
            producer, _target, _kafka.Topics, kafkaPartitions, shards is null ? new OwnWatermark() : shards, _options, _clock, _meter, state);
        if (!_began)
        {
            transaction.Take(await start.SkipAsync(state, stopping).ConfigureAwait(false));
        }

        var executor = new PlanExecutor(
            producer,
            transaction,
            new ObjectPublisher(_encoder, _target.Source, _target.Deltas, _kafka.Topics.DeadLetters, _formats),
            _store,
            _options.CreateErrorShareGuard(),
            _pacer,
            _clock,
            _tracing,
            _logger);
        var session = new PublishSession(
            _target, _discovery, _store, planner, _completion, transaction, executor, _options, _clock, _watch, _meter, _logger);
        await session.RunAsync(
            _options.ExitWhenDone || _options.BackfillFrom is not null,
            () =>
            {
                _began = true;
                committed();
            },
            stopping).ConfigureAwait(false);
    }

    /// <summary>A backfill ends where it was told to, or else where the live publisher stood when the backfill began.</summary>
    private async Task<PlannerSettings> SettingsAsync(ProgressStore progress, CancellationToken stopping)
    {
        if (_options.BackfillFrom is not null && _until is null)
        {
            var live = await progress.ReadShardsAsync(_source.Name, stopping).ConfigureAwait(false);
            _until = live.Count > 0
                ? live.Values.Min(shard => shard.Watermark)
                : throw HybridException.WrongCall(
                    $"source '{_source.Name}' has no watermark that a backfill could end at: give its end with --until (Publisher:Until)");
        }

        return new PlannerSettings
        {
            OverlapPartitions = _options.OverlapPartitions,
            MaxPartitions = _options.MaxPartitionsPerCycle ?? MostPartitions,
            Until = _until,
            Shard = _target.Shard,
        };
    }

    private int CountKafkaPartitions()
    {
        using var admin = _kafka.CreateAdmin();
        var topic = admin.GetMetadata(_target.Deltas, TimeSpan.FromSeconds(10)).Topics[0];
        return topic.Partitions.Count > 0 ? topic.Partitions.Count : throw new KafkaException(topic.Error);
    }

    private static bool IsFenced(Error error) =>
        error.Code is ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch or ErrorCode.Local_Fenced;

    private static bool IsTransient(Exception failure) =>
        failure is KafkaException or IOException or HybridException { ExitCode: ExitCodes.Unreachable };
}
