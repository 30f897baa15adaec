using Hybrid.Contracts.Lanes;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Solr;
using Microsoft.Extensions.Logging;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Kafka;

namespace Hybrid.Streamiz;

/// <summary>The lane <c>streamiz</c>: attributes only. Offsets are committed after Solr has acknowledged every write before them.</summary>
public sealed partial class StreamizLane : IHybridService
{
    private readonly KafkaOptions _kafkaOptions;
    private readonly KafkaClients _kafka;
    private readonly LaneOptions _lane;
    private readonly StreamizOptions _options;
    private readonly SolrOptions _solrOptions;
    private readonly SolrAdmin _solrAdmin;
    private readonly ISolrWriter _solr;
    private readonly Func<IDeltaDecoder> _decoders;
    private readonly HybridMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;

    /// <summary>Makes the lane.</summary>
    /// <param name="kafkaOptions">The cluster.</param>
    /// <param name="kafka">The clients.</param>
    /// <param name="lane">What every lane has.</param>
    /// <param name="options">What only this one has.</param>
    /// <param name="solrOptions">The collection.</param>
    /// <param name="solrAdmin">Makes the collection where it is missing.</param>
    /// <param name="solr">Writes to it.</param>
    /// <param name="decoders">Gives each task a decoder.</param>
    /// <param name="metrics">The instruments.</param>
    /// <param name="time">Wall time.</param>
    /// <param name="loggers">The log.</param>
    public StreamizLane(
        KafkaOptions kafkaOptions,
        KafkaClients kafka,
        LaneOptions lane,
        StreamizOptions options,
        SolrOptions solrOptions,
        SolrAdmin solrAdmin,
        ISolrWriter solr,
        Func<IDeltaDecoder> decoders,
        HybridMetrics metrics,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        _kafkaOptions = kafkaOptions;
        _kafka = kafka;
        _lane = lane;
        _options = options;
        _solrOptions = solrOptions;
        _solrAdmin = solrAdmin;
        _solr = solr;
        _decoders = decoders;
        _metrics = metrics;
        _time = time;
        _loggers = loggers;
        _logger = loggers.CreateLogger("Hybrid.Streamiz");
    }

    /// <inheritdoc/>
    public string Name => LaneNames.Streamiz;

    /// <inheritdoc/>
    public async Task RunAsync(Action started, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(started);
        await _kafka.EnsureTopicsAsync(stopping).ConfigureAwait(false);
        await _solrAdmin.EnsureCollectionAsync(_solrOptions.Collection!, stopping).ConfigureAwait(false);
        await _decoders().PrepareAsync(stopping).ConfigureAwait(false);

        using var deadLetters = new LaneDeadLetters(_kafka, _metrics);
        await using var sink = new DeltaSink(_solr, deadLetters, _lane, _metrics, _time);
        Exception? failure = null;
        var config = StreamizSettings.Create(_kafkaOptions, _lane, _options, new StreamizLogging(_loggers));
        config.InnerExceptionHandler = exception =>
        {
            failure = exception;
            return ExceptionHandlerResponse.FAIL;
        };

        var died = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = 0;
        var draining = false;
        var clients = new DefaultKafkaClientSupplier(new KafkaLoggerAdapter(config), config, new StreamizClients(_kafkaOptions, _kafka));
        var stream = new KafkaStream(DeltaTopology.Build(_kafka.Topics.Deltas, sink, _decoders), config, clients);
        stream.StateChanged += (_, state) =>
        {
            if (state == KafkaStream.State.RUNNING && Interlocked.Exchange(ref running, 1) == 0)
            {
                started();
            }
            else if (state == KafkaStream.State.ERROR || (state == KafkaStream.State.PENDING_SHUTDOWN && !Volatile.Read(ref draining)))
            {
                died.TrySetResult();
            }
        };
        LogPoll(_options.PollInterval.TotalMilliseconds, _options.Guarantee);
        await stream.StartAsync().ConfigureAwait(false);
        await Task.WhenAny(died.Task, Task.Delay(Timeout.Infinite, stopping)).ConfigureAwait(false);
        Volatile.Write(ref draining, true);
        await DrainAsync(stream, sink).ConfigureAwait(false);
        if (died.Task.IsCompleted)
        {
            throw failure as HybridException ?? HybridException.Failure(Describe(failure), failure);
        }
    }

    /// <summary>Stops the stream: its last commit waits for the writes in flight, until the deadline.</summary>
    private async Task DrainAsync(KafkaStream stream, DeltaSink sink)
    {
        var stop = Task.Run(stream.Dispose);
        if (await Task.WhenAny(stop, Task.Delay(_lane.DrainDeadline)).ConfigureAwait(false) != stop)
        {
            LogDeadline(_lane.DrainDeadline.TotalSeconds, sink.InFlight);
            sink.Abandon($"not acknowledged within the drain deadline of {_lane.DrainDeadline}");
        }

        await stop.ConfigureAwait(false);
    }

    private static string Describe(Exception? failure)
    {
        while (failure is { InnerException: { } inner } and not SolrException)
        {
            failure = inner;
        }

        var reason = failure?.Message.ReplaceLineEndings(" ") ?? "the stream's threads have died; see the log";
        return $"the streamiz lane cannot go on: {reason}";
    }

    [LoggerMessage(EventId = 600, Level = LogLevel.Information, Message = "Polls for {PollMilliseconds} ms, {Guarantee}")]
    private partial void LogPoll(double pollMilliseconds, StreamizGuarantee guarantee);

    [LoggerMessage(EventId = 601, Level = LogLevel.Warning,
        Message = "{Records} records were not acknowledged within the drain deadline of {Seconds} s: they are read again at the next start")]
    private partial void LogDeadline(double seconds, int records);
}
