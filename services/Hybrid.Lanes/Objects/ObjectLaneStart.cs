using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Discovery;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Planning;
using Hybrid.Pipeline.Progress;
using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.Objects;

/// <summary>Where a lane begins: at its cursor, or else at the partition asked for, or the earliest there is; <c>latest</c> skips from there.</summary>
internal sealed class ObjectLaneStart(ObjectLaneParts parts, IDiscoverySource discovery, PartitionLayout layout, int overlapPartitions)
{
    private readonly ILogger _logger = parts.Loggers.CreateLogger("Hybrid.Lanes");

    /// <summary>What is indexed.</summary>
    /// <param name="committed">The cursor's; null for none.</param>
    /// <param name="stopping">Gives up waiting for a first object.</param>
    /// <exception cref="HybridException">The cursor does not fit the period.</exception>
    public async Task<PublishState> FindAsync(SourceProgress? committed, CancellationToken stopping)
    {
        var told = false;
        SourceProgress? progress;
        while ((progress = committed ?? await FirstAsync(stopping).ConfigureAwait(false)) is null)
        {
            if (!told)
            {
                _logger.Waiting();
                told = true;
            }

            await discovery.WaitAsync(parts.Objects.PollInterval, stopping).ConfigureAwait(false);
        }

        return From(progress, committed is null);
    }

    /// <summary>As <see cref="FindAsync"/>, but null where there is no object to begin with.</summary>
    public async Task<PublishState?> TryFindAsync(SourceProgress? committed, CancellationToken stopping) =>
        (committed ?? await FirstAsync(stopping).ConfigureAwait(false)) is { } progress ? From(progress, committed is null) : null;

    /// <summary>The state that a restart goes on with, as its policy says.</summary>
    public PublishState Skip(PublishState state, PublishPlanner planner)
    {
        var wallNow = parts.Clock.WallNow;
        if (parts.Lane.Restart != RestartPolicy.Latest
            || planner.NewestDue(state.Watermark, parts.Clock.ToEvent(wallNow), wallNow) is not { } newest || newest.Start <= state.Watermark)
        {
            return state;
        }

        var skipped = state.SkipTo(newest);
        var partitions = skipped.Counts.SkippedPartitions - state.Counts.SkippedPartitions;
        parts.Metrics.PartitionsSkipped.Add(partitions);
        _logger.SkipsPartitions(partitions, skipped.Watermark);
        return skipped;
    }

    private PublishState From(SourceProgress progress, bool isFirst)
    {
        if (progress.Watermark.UtcTicks % layout.Period.Ticks != 0)
        {
            throw HybridException.WrongCall(
                $"the cursor of source '{parts.Source.Name}' is at {progress.Watermark:u}, which is no boundary of Source:Period {layout.Period}: set the period back, or use another Source:Name");
        }

        _logger.Begins(isFirst ? "Begins" : "Goes on", progress.Watermark, progress.Counts.Records);
        return PublishState.From(progress, layout, overlapPartitions);
    }

    private async Task<SourceProgress?> FirstAsync(CancellationToken stopping)
    {
        if (parts.Objects.From is { } from)
        {
            var first = PartitionId.Containing(from, layout.Period).Start;
            return new SourceProgress { Source = parts.Source.Name, Watermark = first, Floor = first };
        }

        return await discovery.FindEarliestAsync(stopping).ConfigureAwait(false) is { } earliest
            ? new SourceProgress { Source = parts.Source.Name, Watermark = earliest.Start }
            : null;
    }
}
