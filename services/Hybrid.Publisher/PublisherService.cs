using Confluent.Kafka;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Publisher.Discovery;
using Hybrid.Publisher.Planning;
using Hybrid.Publisher.Progress;
using Hybrid.Publisher.Publishing;
using Microsoft.Extensions.Logging;

namespace Hybrid.Publisher;

/// <summary>Publishes a time-partitioned source of the object store to Kafka, every object once.</summary>
internal sealed class PublisherService : IHybridService
{
    private const double MaxBackoffSeconds = 5;

    private readonly PublisherOptions _options;
    private readonly SourceOptions _source;
    private readonly PartitionLayout _layout;
    private readonly IObjectStore _store;
    private readonly KafkaClients _kafka;
    private readonly IDeltaEncoder _encoder;
    private readonly EventClock _clock;
    private readonly HybridMetrics _metrics;
    private readonly HybridTracing _tracing;
    private readonly ILogger<PublisherService> _logger;
    private readonly ICompletion _completion;
    private readonly PublishPlanner _planner;
    private readonly PartitionDiscovery _discovery;
    private bool _began;

    public PublisherService(
        PublisherOptions options,
        SourceOptions source,
        IObjectStore store,
        KafkaClients kafka,
        IDeltaEncoder encoder,
        EventClock clock,
        HybridMetrics metrics,
        HybridTracing tracing,
        ILogger<PublisherService> logger)
    {
        _options = options;
        _source = source;
        _store = store;
        _kafka = kafka;
        _encoder = encoder;
        _clock = clock;
        _metrics = metrics;
        _tracing = tracing;
        _logger = logger;
        _layout = Layout(source);
        _completion = new RateCompletion(clock, options.SettleDelay);
        _planner = new PublishPlanner(_layout, options.OverlapPartitions, options.Until, _completion);
        _discovery = new PartitionDiscovery(store, _layout);
    }

    public string Name => "publisher";

    private string TransactionalId => $"hybrid-publisher-{_source.Name}";

    public async Task RunAsync(Action started, CancellationToken stopping)
    {
        try
        {
            await Task.WhenAll(
                _store.EnsureBucketAsync(stopping),
                _kafka.EnsureTopicsAsync(stopping),
                _encoder.PrepareAsync(stopping)).ConfigureAwait(false);
            await PublishAsync(started, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

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
                    $"another publisher took over source '{_source.Name}' (transactional id {TransactionalId}): this one stops; run one publisher a source", failure);
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
            () => TransactionalProducer.Open(_kafka, TransactionalId, _options.TransactionTimeout, stopping), stopping).ConfigureAwait(false);
        var progress = await new ProgressStore(_kafka).ReadAsync(_source.Name, stopping).ConfigureAwait(false);
        var kafkaPartitions = CountKafkaPartitions();
        ready();
        var start = Check(await BeginAsync(progress, stopping).ConfigureAwait(false));
        var transactions = new PartitionTransaction(
            producer,
            new ObjectPublisher(_encoder, _kafka.Topics, new FormatSettings { MaxLineBytes = _options.MaxLineBytes }),
            _store,
            _kafka.Topics,
            kafkaPartitions,
            _planner,
            _clock,
            _metrics,
            _tracing,
            _logger);
        var session = new PublishSession(_discovery, _planner, _completion, transactions, _options, _clock, _logger);
        var skipped = start.Counts.SkippedPartitions - (progress?.Counts.SkippedPartitions ?? 0);
        await session.RunAsync(
            start,
            () =>
            {
                _began = true;
                _metrics.PartitionsSkipped.Add(skipped);
                skipped = 0;
                committed();
            },
            stopping).ConfigureAwait(false);
    }

    /// <summary>Where to begin: at what is committed, or else at the partition asked for, or the earliest there is; <c>latest</c> skips from there.</summary>
    private async Task<SourceProgress> BeginAsync(SourceProgress? committed, CancellationToken stopping)
    {
        var progress = committed ?? await FirstAsync(stopping).ConfigureAwait(false);
        if (_options.Restart == RestartPolicy.Latest && !_began
            && _planner.NewestDue(progress.Watermark, _clock.GetUtcNow(), _clock.WallNow) is { } newest
            && newest.Start > progress.Watermark)
        {
            progress = _planner.SkipTo(progress, newest);
            LogMessages.Skips(_logger, progress.Source, progress.Skipped[^1].Partitions, progress.Watermark);
        }

        LogMessages.Started(_logger, progress.Source, committed is null ? "begins" : "goes on", progress.Watermark, progress.Counts.Records);
        return progress;
    }

    private async Task<SourceProgress> FirstAsync(CancellationToken stopping)
    {
        if (_options.From is { } from)
        {
            var first = PartitionId.Containing(from, _layout.Period).Start;
            return new SourceProgress { Source = _source.Name, Watermark = first, Floor = first };
        }

        var told = false;
        while (true)
        {
            if (await _discovery.FindEarliestAsync(stopping).ConfigureAwait(false) is { } earliest)
            {
                return new SourceProgress { Source = _source.Name, Watermark = earliest.Start };
            }

            if (!told)
            {
                LogMessages.Waiting(_logger, _source.Name);
                told = true;
            }

            await Task.Delay(_options.PollInterval, stopping).ConfigureAwait(false);
        }
    }

    private SourceProgress Check(SourceProgress progress) =>
        progress.Watermark.UtcTicks % _layout.Period.Ticks == 0
            ? progress
            : throw HybridException.WrongCall(
                $"the watermark of source '{_source.Name}' is {progress.Watermark:u}, which is no boundary of Source:Period {_layout.Period}: set the period back, or use another Source:Name");

    private int CountKafkaPartitions()
    {
        using var admin = _kafka.CreateAdmin();
        var topic = admin.GetMetadata(_kafka.Topics.Deltas, TimeSpan.FromSeconds(10)).Topics[0];
        return topic.Partitions.Count > 0 ? topic.Partitions.Count : throw new KafkaException(topic.Error);
    }

    private static PartitionLayout Layout(SourceOptions source)
    {
        try
        {
            return new PartitionLayout(source.Layout, source.Period);
        }
        catch (ArgumentException wrong)
        {
            throw new HybridException(ExitCodes.WrongCall, $"Source: {wrong.Message.ReplaceLineEndings(" ")}", wrong);
        }
    }

    private static bool IsFenced(Error error) =>
        error.Code is ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch or ErrorCode.Local_Fenced;

    private static bool IsTransient(Exception failure) =>
        failure is KafkaException or IOException or HybridException { ExitCode: ExitCodes.Unreachable };
}
