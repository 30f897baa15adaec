using Hybrid.Contracts.Lanes;
using Hybrid.Contracts.Partitions;
using Hybrid.Lanes.Objects;
using Hybrid.Pipeline.Discovery;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Planning;
using Hybrid.Pipeline.Progress;
using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.Direct;

/// <summary>
/// From reading the cursor to the first failure, or to losing it to another instance: list, plan, index, move the cursor, wait. The cursor is
/// moved behind what Solr has acknowledged, so whoever is killed anywhere leaves nothing out; what is done twice has the same versions.
/// </summary>
internal sealed class DirectSession
{
    /// <summary>How many objects that are not listed any more are asked for in one cycle.</summary>
    private const int MostAsked = 64;

    private readonly ObjectLaneParts _parts;
    private readonly PartitionLayout _layout;
    private readonly LaneCursor _cursor;
    private readonly IDiscoverySource _discovery;
    private readonly ICompletion _completion;
    private readonly PublishPlanner _planner;
    private readonly ObjectLaneStart _start;
    private readonly ObjectLaneMeter _meter;
    private readonly ILogger _logger;
    private readonly string _instance = Guid.NewGuid().ToString("n");

    public DirectSession(ObjectLaneParts parts, PartitionLayout layout, LaneCursor cursor)
    {
        _parts = parts;
        _layout = layout;
        _cursor = cursor;
        _logger = parts.Loggers.CreateLogger("Hybrid.Lanes");
        _discovery = parts.Discovery(layout);
        _completion = parts.Objects.CreateCompletion(parts.Clock);
        _planner = new PublishPlanner(
            layout, new PlannerSettings { OverlapPartitions = parts.Objects.OverlapPartitions, Until = parts.Objects.Until }, _completion);
        _start = new ObjectLaneStart(parts, _discovery, layout, parts.Objects.OverlapPartitions);
        _meter = new ObjectLaneMeter(parts.Metrics, parts.Clock);
    }

    /// <summary>Works until stopped.</summary>
    /// <param name="isFirst">Whether the process begins with it, so that the restart policy applies.</param>
    /// <param name="advanced">Told each time the cursor moved.</param>
    /// <param name="stopping">Asks for a drain.</param>
    /// <returns>Whether another instance moved the cursor on; false when stopped.</returns>
    public async Task<bool> RunAsync(bool isFirst, Action advanced, CancellationToken stopping)
    {
        var record = await _cursor.ReadAsync(stopping).ConfigureAwait(false);
        var state = await _start.FindAsync(record?.Progress, stopping).ConfigureAwait(false);
        if (isFirst)
        {
            state = _start.Skip(state, _planner);
        }

        using var abort = new CancellationTokenSource();
        using var deadline = stopping.Register(() => abort.CancelAfter(_parts.Lane.DrainDeadline));
        var letters = _parts.DeadLetters(LaneNames.Direct);
        var intake = _parts.Intake(letters);
        await using var feed = _parts.Feed(_parts.SolrWriter, letters);
        using var giveUp = feed.GiveUpOn(abort.Token);
        var window = new StoreWindow(_parts, _layout, _discovery, intake, _parts.SolrReader);
        var work = new Work(state, record?.Recount ?? false, letters, intake, feed, window);
        try
        {
            await RecountAsync(work, stopping).ConfigureAwait(false);
            return await CycleAsync(work, advanced, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return await DrainAsync(work, advanced, abort.Token).ConfigureAwait(false);
        }
    }

    private async Task<bool> CycleAsync(Work work, Action advanced, CancellationToken stopping)
    {
        var history = ListingHistory.Empty;
        while (true)
        {
            stopping.ThrowIfCancellationRequested();
            var wallNow = _parts.Clock.WallNow;
            var listing = await _discovery.ListAsync(_planner.Window(work.State, wallNow), stopping).ConfigureAwait(false);
            var discovered = _parts.Clock.WallNow;
            await LookForDeletedAsync(work, listing, stopping).ConfigureAwait(false);
            history = history.With(listing, work.State.Watermark, wallNow, _parts.Objects.PollInterval);
            var plan = _planner.Plan(work.State, listing, history, wallNow);
            _meter.Behind(work.State.Watermark, _planner.Lag(work.State, _parts.Clock.ToEvent(wallNow), wallNow), LateIn(plan));
            var (partitions, lines) = (0, work.State.Counts.Lines);
            foreach (var planned in plan)
            {
                await IndexAsync(work, planned, discovered, stopping).ConfigureAwait(false);
                if (++partitions >= _parts.Objects.CheckpointPartitions || work.State.Counts.Lines - lines >= _parts.Objects.CheckpointLines)
                {
                    if (!await CheckpointAsync(work, advanced, stopping).ConfigureAwait(false))
                    {
                        return true;
                    }

                    (partitions, lines) = (0, work.State.Counts.Lines);
                }
            }

            if (!await CheckpointAsync(work, advanced, stopping).ConfigureAwait(false))
            {
                return true;
            }

            var lag = _planner.Lag(work.State, _parts.Clock.GetUtcNow(), _parts.Clock.WallNow);
            _meter.Behind(work.State.Watermark, lag, 0);
            await WaitAsync(work.State, plan.Count > 0, stopping).ConfigureAwait(false);
        }
    }

    private async Task IndexAsync(Work work, PlannedPartition planned, DateTimeOffset discovered, CancellationToken stopping)
    {
        foreach (var one in planned.Objects)
        {
            await using var opened = await _parts.Store.OpenAsync(one.Entry.Key, stopping).ConfigureAwait(false);
            if (opened is null)
            {
                _logger.ObjectGone(one.Entry.Key, planned.Partition.Name);
                continue;
            }

            // What counts is what is read. But a listing tells to the millisecond when it was written, and a GET only to the second.
            var content = opened.Entry.ETag == one.Entry.ETag ? opened with { Entry = one.Entry with { Size = opened.Entry.Size } } : opened;
            if (one.Take(content.Entry.ETag) is not var (generation, _))
            {
                continue;
            }

            var place = new ObjectPlace(planned.Partition, one.Entry.Key, content.Entry.ETag, generation);
            var signals = generation == 0 ? work.Window.Window : null;
            var tally = await work.Intake.ReadAsync(content, place, discovered, work.Feed, signals, stopping).ConfigureAwait(false);
            work.IsReplaced |= generation > 0;
            if (planned.Partition.Start < work.State.Watermark)
            {
                _meter.Late(planned.Partition);
            }

            work.State = work.State.Finish(planned.Partition, new PublishedObject(place.Key, place.ETag, generation), tally.Lines, tally.Records);
        }

        if (planned.Completes)
        {
            work.State = work.State.Complete(planned.Partition);
        }
    }

    /// <summary>Writes what was read and moves the cursor behind it.</summary>
    /// <returns>False when another instance moved it.</returns>
    private async Task<bool> CheckpointAsync(Work work, Action advanced, CancellationToken stopping)
    {
        if (ReferenceEquals(work.State, work.Committed))
        {
            return true;
        }

        var moved = work.State.Watermark > work.Committed.Watermark;
        if (work.IsReplaced)
        {
            // The sums are taken anew now. Fewer lines at the same watermark are no newer state to Solr, so all are written with the next one too.
            await work.Window.RebuildAsync(work.State, all: false, stopping).ConfigureAwait(false);
            await work.Window.ClearOthersAsync(work.Feed, stopping).ConfigureAwait(false);
        }
        else if (moved)
        {
            work.Window.Window?.Advance(work.State.Watermark.ToUnixTimeMilliseconds());
            if (work.IsRecounted)
            {
                work.Window.Window?.TouchAll();
                await work.Window.ClearOthersAsync(work.Feed, stopping).ConfigureAwait(false);
            }
        }

        var recount = work.IsReplaced || (work.IsRecounted && !moved);
        var states = await work.Window.WriteAsync(work.Feed).ConfigureAwait(false);
        await work.Feed.FlushAsync().ConfigureAwait(false);
        var record = new CursorRecord { Instance = _instance, Recount = recount, Progress = work.State.ToProgress(_parts.Clock.WallNow) };
        if (!await _cursor.TryAdvanceAsync(record, CancellationToken.None).ConfigureAwait(false))
        {
            return false;
        }

        (var before, work.Committed) = (work.Committed, work.State);
        (work.IsReplaced, work.IsRecounted) = (false, recount);
        work.Letters.Forget();
        _meter.Committed(before.Counts, work.State.Counts);
        _logger.Indexed(
            work.State.Watermark,
            work.State.Counts.Objects - before.Counts.Objects,
            work.State.Counts.Records - before.Counts.Records,
            work.State.Counts.DeadLetters - before.Counts.DeadLetters,
            states);
        advanced();
        return true;
    }

    /// <summary>The index as it is found may lack what a predecessor wrote in its last moments, or show what the store has no more.</summary>
    private static async Task RecountAsync(Work work, CancellationToken stopping)
    {
        await work.Window.RebuildAsync(work.State, all: false, stopping).ConfigureAwait(false);
        await work.Window.ClearOthersAsync(work.Feed, stopping).ConfigureAwait(false);
        await work.Window.WriteAsync(work.Feed).ConfigureAwait(false);
        await work.Feed.FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Whole objects that were read are written, and the cursor moved behind them; half an object is read again at the next start.</summary>
    private async Task<bool> DrainAsync(Work work, Action advanced, CancellationToken abort)
    {
        try
        {
            var lost = !await CheckpointAsync(work, advanced, abort).ConfigureAwait(false);
            if (!lost)
            {
                _logger.ObjectsDrained(work.State.Watermark);
            }
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            _logger.ObjectsNotDrained(_parts.Lane.DrainDeadline);
        }

        return false;
    }

    /// <summary>A listing that does not show an object may only lag behind; the store tells whether it is there.</summary>
    private async Task LookForDeletedAsync(Work work, Listing listing, CancellationToken stopping)
    {
        foreach (var (partition, known) in _planner.Missing(work.State, listing).Take(MostAsked).ToList())
        {
            await using var found = await _parts.Store.OpenAsync(known.Key, stopping).ConfigureAwait(false);
            if (found is null)
            {
                _logger.ObjectDeleted(known.Key, partition.Name);
                work.State = work.State.Delete(partition, known);
                work.IsReplaced = true;
            }
        }
    }

    private static long LateIn(IReadOnlyList<PlannedPartition> plan) => plan.Where(planned => !planned.Completes).Sum(planned => (long)planned.Objects.Count);

    private Task WaitAsync(PublishState state, bool worked, CancellationToken stopping)
    {
        var delay = _parts.Objects.PollInterval;
        if (!_planner.IsDone(state))
        {
            var untilDue = _completion.DueAt(_planner.Next(state)) - _parts.Clock.WallNow;
            delay = untilDue <= TimeSpan.Zero && worked ? TimeSpan.Zero : untilDue > TimeSpan.Zero && untilDue < delay ? untilDue : delay;
        }

        return delay > TimeSpan.Zero ? _discovery.WaitAsync(delay, stopping) : Task.CompletedTask;
    }

    /// <summary>What a session has in hand.</summary>
    private sealed class Work(PublishState state, bool isRecounted, ObjectDeadLetters letters, ObjectIntake intake, BatchFeed feed, StoreWindow window)
    {
        public PublishState State { get; set; } = state;

        public PublishState Committed { get; set; } = state;

        /// <summary>Whether an object whose signals count was replaced or deleted since the last move of the cursor.</summary>
        public bool IsReplaced { get; set; }

        /// <summary>Whether all states are to be written with the next move of the watermark.</summary>
        public bool IsRecounted { get; set; } = isRecounted;

        public ObjectDeadLetters Letters => letters;

        public ObjectIntake Intake => intake;

        public BatchFeed Feed => feed;

        public StoreWindow Window => window;
    }
}
