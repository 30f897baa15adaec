using Hybrid.Contracts.Lanes;
using Hybrid.Lanes.Objects;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Solr;
using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.Batch;

/// <summary>The baseline: on a schedule, recomputes the last window from the object store. Or, when asked for, does so once.</summary>
internal sealed class BatchLane : IHybridService
{
    private readonly ObjectLaneParts _parts;
    private readonly BatchOptions _options;
    private readonly SolrWriterFactory _writers;
    private readonly CronSchedule _schedule;
    private readonly ILogger _logger;

    /// <exception cref="HybridException">The schedule is none, or options contradict each other.</exception>
    public BatchLane(ObjectLaneParts parts, BatchOptions options, SolrWriterFactory writers)
    {
        _parts = parts;
        _options = options;
        _writers = writers;
        _logger = parts.Loggers.CreateLogger("Hybrid.Lanes");
        _schedule = ParseSchedule(options);
        if (options.From.HasValue != options.To.HasValue || options.From >= options.To)
        {
            throw HybridException.WrongCall("Batch:From and Batch:To (--from, --to) belong together, the first before the second");
        }

        if (options.Rebuild && (options.From is not null || options.Once))
        {
            throw HybridException.WrongCall("Batch:Rebuild (--rebuild) is a run of its own: leave out --once, --from and --to");
        }
    }

    public string Name => LaneNames.Batch;

    public async Task RunAsync(Action started, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(started);
        var collection = _parts.SolrOptions.Collection ?? Name;
        var pass = new BatchPass(_parts, _options, Name, isRepair: false);
        try
        {
            await Task.WhenAll(_parts.Store.EnsureBucketAsync(stopping), _parts.SolrAdmin.EnsureCollectionAsync(collection, stopping)).ConfigureAwait(false);
            _logger.ObjectsStarted(
                Name, _parts.Source.Layout, _parts.StoreOptions.Bucket, collection, _parts.SolrOptions.Adapter, _parts.SolrOptions.Visibility, pass.CursorKey);
            started();
            await (_options switch
            {
                { Rebuild: true } => new BatchRebuild(_parts, pass, _writers).RunAsync(stopping),
                { From: { } from, To: { } to } => pass.RunAgainAsync(from, to, stopping),
                { Once: true } => pass.RunAsync(isStart: true, stopping),
                _ => new ScheduledPasses(pass, _schedule, _parts.Objects.SettleDelay, _parts.Clock, _logger).RunAsync(stopping),
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    /// <summary>Reads the schedule.</summary>
    /// <exception cref="HybridException">It is none.</exception>
    public static CronSchedule ParseSchedule(BatchOptions options) => CronSchedule.TryParse(options.Schedule, out var schedule, out var error)
        ? schedule
        : throw HybridException.WrongCall($"Batch:Schedule is '{options.Schedule}': {error}");
}
