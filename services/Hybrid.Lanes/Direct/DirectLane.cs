using Hybrid.Contracts.Lanes;
using Hybrid.Lanes.Objects;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Progress;
using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.Direct;

/// <summary>
/// Micro-batches straight over the object store, no Kafka: what the publisher and a lane do together, by the same rules, in one process. Its
/// position is a cursor object. Whatever fails, it begins again with that.
/// </summary>
internal sealed class DirectLane(ObjectLaneParts parts) : IHybridService
{
    private const double MaxBackoffSeconds = 5;

    private readonly ILogger _logger = parts.Loggers.CreateLogger("Hybrid.Lanes");
    private readonly LaneCursor _cursor = parts.Cursor(LaneNames.Direct);
    private bool _began;

    public string Name => LaneNames.Direct;

    public async Task RunAsync(Action started, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(started);
        var layout = parts.Layout();
        var collection = parts.SolrOptions.Collection ?? Name;
        try
        {
            await Task.WhenAll(parts.Store.EnsureBucketAsync(stopping), parts.SolrAdmin.EnsureCollectionAsync(collection, stopping)).ConfigureAwait(false);
            _logger.ObjectsStarted(
                Name, layout.Template, parts.StoreOptions.Bucket, collection, parts.SolrOptions.Adapter, parts.SolrOptions.Visibility, _cursor.Key);
            started();
            await RunSessionsAsync(new DirectSession(parts, layout, _cursor), stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task RunSessionsAsync(DirectSession session, CancellationToken stopping)
    {
        for (var failures = 0; ;)
        {
            try
            {
                var lost = await session.RunAsync(
                    isFirst: !_began,
                    () =>
                    {
                        _began = true;
                        failures = 0;
                    },
                    stopping).ConfigureAwait(false);
                if (!lost)
                {
                    return;
                }

                await StandByAsync(stopping).ConfigureAwait(false);
            }
            catch (Exception failure) when (IsTransient(failure) && !stopping.IsCancellationRequested)
            {
                var delay = Math.Min(MaxBackoffSeconds, 0.05 * Math.Pow(2, failures++)) * (0.5 + Random.Shared.NextDouble());
                _logger.BeginsAgain("indexing", failure.Message.ReplaceLineEndings(" "), delay);
                await Task.Delay(TimeSpan.FromSeconds(delay), stopping).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Lets the instance that has the cursor work, until it has not moved it for some time.</summary>
    private async Task StandByAsync(CancellationToken stopping)
    {
        _logger.StandsBy(_cursor.Key);
        while (true)
        {
            var before = _cursor.Version;
            await Task.Delay(parts.Objects.TakeoverDelay, stopping).ConfigureAwait(false);
            await _cursor.ReadAsync(stopping).ConfigureAwait(false);
            if (_cursor.Version == before)
            {
                _logger.TakesOver(parts.Objects.TakeoverDelay);
                return;
            }
        }
    }

    private static bool IsTransient(Exception failure) => failure is IOException or HybridException { ExitCode: ExitCodes.Unreachable };
}
