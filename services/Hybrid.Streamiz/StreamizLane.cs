using Confluent.Kafka;
using Hybrid.Contracts.Lanes;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Solr;
using Hybrid.Streamiz.Clients;
using Hybrid.Streamiz.Stores;
using Hybrid.Streamiz.Windows;
using Microsoft.Extensions.Logging;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Kafka;

namespace Hybrid.Streamiz;

/// <summary>The lane <c>streamiz</c>. Offsets are committed after Solr has acknowledged every write before them.</summary>
internal sealed partial class StreamizLane(StreamizParts parts) : IHybridService
{
    private readonly ILogger _logger = parts.Loggers.CreateLogger("Hybrid.Streamiz");

    public string Name => LaneNames.Streamiz;

    public async Task RunAsync(Action started, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(started);
        var collection = parts.SolrOptions.Collection ?? Name;
        await parts.Decoders().PrepareAsync(stopping).ConfigureAwait(false);
        await Task.WhenAll(
            parts.SolrAdmin.EnsureCollectionAsync(collection, stopping),
            parts.Kafka.EnsureTopicsAsync(stopping)).ConfigureAwait(false);
        LogStarted(
            Name, parts.Kafka.Topics.Deltas, collection, parts.SolrOptions.Adapter, parts.SolrOptions.Visibility,
            parts.Options.PollInterval.TotalMilliseconds, parts.Options.Guarantee);

        var positions = new StreamPositions(parts.Metrics, parts.Time);
        await using var sink = new DeltaSink(parts.Writer, parts.DeadLetters, parts.Lane, parts.Metrics, parts.Time);
        using var stores = new OpenStores();
        var tasks = new TaskParts(
            sink, parts.Decoders, parts.Window, parts.Options.StateStore, stores, positions, new WindowMetrics(parts.Metrics, _logger), parts.Freshness,
            parts.Metrics, parts.Time);
        var config = StreamizSettings.Create(parts.KafkaOptions, parts.Lane, parts.Options, new StreamizLogging(parts.Loggers));
        Exception? failure = null;
        config.InnerExceptionHandler = exception =>
        {
            failure = exception;
            return ExceptionHandlerResponse.FAIL;
        };
        using var clients = new ObservedClients(
            new DefaultKafkaClientSupplier(new KafkaLoggerAdapter(config), config, new StreamizClients(parts.KafkaOptions, parts.Lane, parts.Kafka)),
            parts, positions, _logger);
        var stream = new KafkaStream(DeltaTopology.Build(parts.Kafka.Topics.Deltas, tasks), config, clients);
        var life = new StreamLife(stream, started);
        await stream.StartAsync().ConfigureAwait(false);
        await life.EndedAsync(stopping).ConfigureAwait(false);
        await DrainAsync(stream, sink).ConfigureAwait(false);
        if (life.HasDied)
        {
            throw Describe(failure);
        }
    }

    /// <summary>Stops the stream: its last commit waits for the writes in flight, until the deadline.</summary>
    private async Task DrainAsync(KafkaStream stream, DeltaSink sink)
    {
        var deadline = parts.Lane.DrainDeadline;
        var stop = Task.Run(stream.Dispose);
        if (await Task.WhenAny(stop, Task.Delay(deadline)).ConfigureAwait(false) != stop)
        {
            if (sink.InFlight is > 0 and var records)
            {
                LogNotDrained(records, deadline);
            }

            sink.Abandon($"not acknowledged within the drain deadline of {deadline}");
        }

        await stop.ConfigureAwait(false);
    }

    private static HybridException Describe(Exception? failure)
    {
        var cause = failure;
        while (cause is { InnerException: { } inner } and not (HybridException or SolrException))
        {
            cause = inner;
        }

        return cause switch
        {
            HybridException known => known,
            KafkaException { Error: { } error } lost when error.IsFatal || error.Code == ErrorCode.FencedInstanceId =>
                HybridException.Unreachable($"Kafka does not deliver ({error.Reason}): the lane stops, nothing is lost; start it again", lost),
            _ => HybridException.Failure($"the lane cannot go on: {cause?.Message.ReplaceLineEndings(" ") ?? "the stream could not be started; see the log"}", failure),
        };
    }

    [LoggerMessage(EventId = 600, Level = LogLevel.Information,
        Message = "Lane {Lane} reads {Topic} and writes collection {Collection} ({Adapter}, {Visibility}); polls for {PollMilliseconds} ms, {Guarantee}")]
    private partial void LogStarted(
        string lane, string topic, string collection, string adapter, string visibility, double pollMilliseconds, StreamizGuarantee guarantee);

    [LoggerMessage(EventId = 601, Level = LogLevel.Warning, Message = "{Records} records were still in flight after {Deadline}: they are read again at the next start")]
    private partial void LogNotDrained(int records, TimeSpan deadline);
}
