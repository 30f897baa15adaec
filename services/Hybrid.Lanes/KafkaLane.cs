using Hybrid.Lanes.Consuming;
using Hybrid.Pipeline.Hosting;
using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes;

/// <summary>A lane that reads the deltas topic as a consumer group of its own. What kind of lane it is lies in its sink.</summary>
internal sealed class KafkaLane(string name, LaneParts parts, Func<LaneParts, LaneOutcomes, CancellationToken, ILaneSink> createSink) : IHybridService
{
    private readonly ILogger _logger = parts.Loggers.CreateLogger("Hybrid.Lanes");

    public string Name => name;

    public async Task RunAsync(Action started, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(started);
        var collection = parts.SolrOptions.Collection ?? name;
        await parts.Decoder.PrepareAsync(stopping).ConfigureAwait(false);
        await Task.WhenAll(
            parts.SolrAdmin.EnsureCollectionAsync(collection, stopping),
            parts.Kafka.EnsureTopicsAsync(stopping)).ConfigureAwait(false);
        _logger.Started(name, parts.Kafka.Topics.Deltas, collection, parts.SolrOptions.Adapter, parts.SolrOptions.Visibility);

        using var abort = new CancellationTokenSource();
        using var outcomes = new LaneOutcomes();
        var sink = createSink(parts, outcomes, abort.Token);
        try
        {
            using var loop = new LaneLoop(name, parts, sink, outcomes, _logger);
            started();
            await Task.Factory.StartNew(() => loop.Run(stopping), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .ConfigureAwait(false);
        }
        finally
        {
            await abort.CancelAsync().ConfigureAwait(false);
            await sink.DisposeAsync().ConfigureAwait(false);
        }
    }
}
