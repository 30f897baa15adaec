using System.Globalization;
using Hybrid.Lanes.Objects;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Solr;
using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.Batch;

/// <summary>
/// Builds the whole index anew beside the one that readers use and puts it in its place at once; the old one is deleted then. Killed
/// before that, readers keep the old one, and the next rebuild deletes what this one left behind.
/// </summary>
/// <param name="parts">The lane's parts.</param>
/// <param name="pass">Reads the objects.</param>
/// <param name="writers">Makes the writer into the fresh collection.</param>
internal sealed class BatchRebuild(ObjectLaneParts parts, BatchPass pass, SolrWriterFactory writers)
{
    private readonly ILogger _logger = parts.Loggers.CreateLogger("Hybrid.Lanes");

    /// <summary>Runs it.</summary>
    /// <exception cref="HybridException">Solr does not switch under this name, or cannot be reached.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        var live = parts.SolrReader.Collection;
        await parts.SolrAdmin.RequireSwitchableAsync(live, stopping).ConfigureAwait(false);
        if (await pass.FindAsync(isStart: false, stopping).ConfigureAwait(false) is not { } state)
        {
            _logger.NothingYet();
            return;
        }

        var prefix = live + "-rebuild-";
        foreach (var left in await parts.SolrAdmin.ListAsync(prefix, stopping).ConfigureAwait(false))
        {
            _logger.DeletesLeftOver(left);
            await parts.SolrAdmin.DeleteCollectionAsync(left, stopping).ConfigureAwait(false);
        }

        var fresh = prefix + DateTimeOffset.UtcNow.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture);
        await parts.SolrAdmin.EnsureCollectionAsync(fresh, stopping).ConfigureAwait(false);
        await FillAsync(fresh, state.Floor ?? parts.Objects.From, stopping).ConfigureAwait(false);
        try
        {
            await parts.SolrAdmin.CommitAsync(fresh, stopping).ConfigureAwait(false);
        }
        catch (SolrException failure)
        {
            throw HybridException.Unreachable($"the fresh collection '{fresh}' is not committed ({failure.Message}): run the rebuild again when Solr is well", failure);
        }

        // From here on it is not given up half way: readers have the fresh index, and what came meanwhile is in the store.
        var old = await parts.SolrAdmin.SwitchAsync(live, fresh, CancellationToken.None).ConfigureAwait(false);
        await pass.RunAsync(isStart: false, stopping).ConfigureAwait(false);
        await parts.SolrAdmin.DeleteCollectionAsync(old, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task FillAsync(string fresh, DateTimeOffset? from, CancellationToken stopping)
    {
        var state = pass.State!;
        var wallNow = parts.Clock.WallNow;
        var end = pass.Planner.NewestDue(state.Watermark, parts.Clock.ToEvent(wallNow), wallNow)?.End ?? state.Watermark;
        var begin = from ?? await FirstAsync(stopping).ConfigureAwait(false) ?? state.Watermark;
        _logger.Rebuilds(fresh, begin, end);
        await using var solr = writers(fresh);
        using var reader = new SolrReader(parts.SolrOptions, fresh);
        await using var run = pass.Begin(state, end, solr, reader, advances: false);
        using var giveUp = run.Feed.GiveUpOn(stopping);
        var told = TimeProvider.System.GetTimestamp();
        await pass.ReadAsync(
            run,
            begin,
            end,
            () =>
            {
                if (TimeProvider.System.GetElapsedTime(told) > TimeSpan.FromSeconds(2))
                {
                    told = TimeProvider.System.GetTimestamp();
                    _logger.Reads(fresh, run.Objects, run.Lines);
                }

                return Task.CompletedTask;
            },
            stopping).ConfigureAwait(false);
        run.Window.Window?.Advance(end.ToUnixTimeMilliseconds());
        await run.Window.WriteAsync(run.Feed).ConfigureAwait(false);
        await run.Feed.FlushAsync().ConfigureAwait(false);
    }

    private async Task<DateTimeOffset?> FirstAsync(CancellationToken stopping) =>
        (await parts.Discovery(parts.Layout()).FindEarliestAsync(stopping).ConfigureAwait(false))?.Start;
}
