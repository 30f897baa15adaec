using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Discovery;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Planning;
using Hybrid.Pipeline.Progress;
using Hybrid.Publisher.Discovery;
using Hybrid.Publisher.Progress;
using Microsoft.Extensions.Logging;

namespace Hybrid.Publisher.Publishing;

/// <summary>Where to begin: at what is committed, or else at the partition asked for, or the earliest there is; <c>latest</c> skips from there.</summary>
internal sealed class SourceStart(
    PublishTarget target, IDiscoverySource discovery, PublishPlanner planner, PartitionLayout layout, PublisherOptions options, EventClock clock, ILogger logger)
{
    /// <summary>The state that is committed, or that a source begins with.</summary>
    /// <exception cref="HybridException">The committed watermark does not fit the period.</exception>
    public async Task<PublishState> FindAsync(SourceProgress? committed, CancellationToken stopping)
    {
        var progress = committed ?? await FirstAsync(stopping).ConfigureAwait(false);
        if (progress.Watermark.UtcTicks % layout.Period.Ticks != 0)
        {
            throw HybridException.WrongCall(
                $"the watermark of {target.Description} is {progress.Watermark:u}, which is no boundary of Source:Period {layout.Period}: set the period back, or use another Source:Name");
        }

        LogMessages.Started(logger, target.Description, committed is null ? "begins" : "goes on", progress.Watermark, progress.Counts.Records);
        if (progress.Cursor is { } cursor)
        {
            LogMessages.Resumes(logger, target.Description, cursor.Key, cursor.Line);
        }

        // Nobody needs to be told of the watermark that a source begins with.
        var begun = progress with { SourceWatermark = progress.SourceWatermark ?? progress.Watermark };
        return PublishState.From(begun, layout, options.OverlapPartitions);
    }

    /// <summary>The state that a restart goes on with, as its policy says.</summary>
    /// <param name="state">What is committed.</param>
    /// <param name="stopping">Gives up.</param>
    public async Task<PublishState> SkipAsync(PublishState state, CancellationToken stopping)
    {
        var wallNow = clock.WallNow;
        if (options.Restart != RestartPolicy.Latest || planner.NewestDue(state.Watermark, clock.ToEvent(wallNow), wallNow) is not { } newest)
        {
            return state;
        }

        if (options.Mode == CompletionMode.Marker)
        {
            // The newest that is due may wait for its marker yet: then what is fresh is the newest before it that has one.
            var back = Math.Min(options.OverlapPartitions, (newest.Start - state.Watermark).Ticks / layout.Period.Ticks);
            PartitionId[] window = [.. Enumerable.Range(0, (int)back + 1).Select(i => new PartitionId(newest.Start - ((back - i) * layout.Period), layout.Period))];
            var listing = await discovery.ListAsync(window, stopping).ConfigureAwait(false);
            newest = window.Where(partition => listing.Of(partition).IsMarked).DefaultIfEmpty(newest).Last();
        }

        if (newest.Start <= state.Watermark)
        {
            return state;
        }

        var skipped = state.SkipTo(newest);
        LogMessages.Skips(
            logger, target.Description, skipped.Counts.SkippedPartitions - state.Counts.SkippedPartitions, skipped.Watermark);
        return skipped;
    }

    private async Task<SourceProgress> FirstAsync(CancellationToken stopping)
    {
        var begin = new SourceProgress { Source = target.Name, Shard = target.Shard.Index, Shards = target.Shard.Count, Watermark = default };
        if ((options.BackfillFrom ?? options.From) is { } from)
        {
            var first = PartitionId.Containing(from, layout.Period).Start;
            return begin with { Watermark = first, Floor = first };
        }

        var told = false;
        while (true)
        {
            if (await discovery.FindEarliestAsync(stopping).ConfigureAwait(false) is { } earliest)
            {
                return begin with { Watermark = earliest.Start };
            }

            if (!told)
            {
                LogMessages.Waiting(logger, target.Description);
                told = true;
            }

            await discovery.WaitAsync(options.PollInterval, stopping).ConfigureAwait(false);
        }
    }
}
