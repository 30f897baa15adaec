using System.Diagnostics;
using Hybrid.Contracts.Partitions;
using Hybrid.Lanes.Objects;
using Hybrid.Pipeline.Discovery;
using Hybrid.Pipeline.Planning;
using Hybrid.Pipeline.Progress;
using Hybrid.Pipeline.Solr;
using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.Batch;

/// <summary>
/// One run: reads every object of the window, and of what was missed before it, and writes every document in it; counts the signals anew. A
/// run needs nothing of the one before it but which objects there were and how often each was replaced, so it may be killed anywhere and
/// run again at will: the same objects give the same versions.
/// </summary>
internal sealed class BatchPass
{
    private readonly ObjectLaneParts _parts;
    private readonly PartitionLayout _layout;
    private readonly LaneCursor _cursor;
    private readonly SweepDiscovery _discovery;
    private readonly ObjectLaneStart _start;
    private readonly ObjectLaneMeter _meter;
    private readonly ILogger _logger;
    private readonly string _lane;
    private readonly bool _isRepair;
    private readonly TimeSpan _lookback;
    private readonly string _instance = Guid.NewGuid().ToString("n");

    /// <param name="parts">The lane's parts.</param>
    /// <param name="options">How far back a run looks.</param>
    /// <param name="lane">The lane's name, under which its cursor and dead letters are.</param>
    /// <param name="isRepair">Whether somebody else indexes the same objects first: then bad lines are that one's, and records are not counted again.</param>
    public BatchPass(ObjectLaneParts parts, BatchOptions options, string lane, bool isRepair)
    {
        _parts = parts;
        _lane = lane;
        _isRepair = isRepair;
        _layout = parts.Layout();
        _cursor = parts.Cursor(lane);
        _discovery = parts.Discovery(_layout);
        _meter = new ObjectLaneMeter(parts.Metrics, parts.Clock);
        _logger = parts.Loggers.CreateLogger("Hybrid.Lanes");
        var window = options.Window > parts.Window.Length ? options.Window : parts.Window.Length;
        var overlap = Math.Max(parts.Objects.OverlapPartitions, (int)Math.Ceiling(window / _layout.Period));
        _lookback = overlap * _layout.Period;
        _start = new ObjectLaneStart(parts, _discovery, _layout, overlap);
        Planner = new PublishPlanner(
            _layout, new PlannerSettings { OverlapPartitions = overlap, Until = parts.Objects.Until }, new RateCompletion(parts.Clock, parts.Objects.SettleDelay));
    }

    /// <summary>The cursor's key.</summary>
    public string CursorKey => _cursor.Key;

    /// <summary>Knows which partitions are due.</summary>
    public PublishPlanner Planner { get; }

    /// <summary>What is indexed, as far as this process knows; null before it read it.</summary>
    public PublishState? State { get; private set; }

    /// <summary>Reads where the lane is.</summary>
    /// <param name="isStart">Whether the process begins, so that the restart policy applies.</param>
    /// <param name="stopping">Gives up.</param>
    /// <returns>Null when there is no object to begin with.</returns>
    public async Task<PublishState?> FindAsync(bool isStart, CancellationToken stopping)
    {
        var record = await _cursor.ReadAsync(stopping).ConfigureAwait(false);
        State = await _start.TryFindAsync(record?.Progress, stopping).ConfigureAwait(false);
        return State = State is { } state && isStart && !_isRepair ? _start.Skip(state, Planner) : State;
    }

    /// <summary>Says how far behind the index is.</summary>
    public void Measure()
    {
        if (State is { } state)
        {
            _meter.Behind(_isRepair ? null : state.Watermark, Planner.Lag(state, _parts.Clock.GetUtcNow(), _parts.Clock.WallNow), 0);
        }
    }

    /// <summary>Runs up to the newest partition that is due.</summary>
    /// <param name="isStart">See <see cref="FindAsync"/>.</param>
    /// <param name="stopping">Asks for a drain.</param>
    public async Task RunAsync(bool isStart, CancellationToken stopping)
    {
        if (await FindAsync(isStart, stopping).ConfigureAwait(false) is not { } state)
        {
            _logger.NothingYet();
            return;
        }

        Measure();
        var wallNow = _parts.Clock.WallNow;
        var end = Planner.NewestDue(state.Watermark, _parts.Clock.ToEvent(wallNow), wallNow)?.End ?? state.Watermark;
        var begin = end - _lookback < state.Watermark ? end - _lookback : state.Watermark;
        begin = begin < _parts.Objects.From ? _parts.Objects.From.Value : begin;
        await RunAsync(state, begin, end, advances: true, stopping).ConfigureAwait(false);
    }

    /// <summary>Indexes a range once more; the cursor stays, and the signals are those of the cursor's window.</summary>
    /// <param name="from">The first partition's start, event time.</param>
    /// <param name="to">The last partition's end, event time.</param>
    /// <param name="stopping">Gives up.</param>
    public async Task RunAgainAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken stopping)
    {
        var record = await _cursor.ReadAsync(stopping).ConfigureAwait(false);
        var first = PartitionId.Containing(from, _layout.Period).Start;
        State = record is null
            ? PublishState.From(new SourceProgress { Source = _parts.Source.Name, Watermark = to }, _layout, 0)
            : PublishState.From(record.Progress, _layout, int.MaxValue / 2);
        await RunAsync(State, first, to, advances: false, stopping).ConfigureAwait(false);
    }

    /// <summary>Reads a range into a feed.</summary>
    /// <param name="run">What is in hand.</param>
    /// <param name="begin">Event time.</param>
    /// <param name="end">Event time; partitions that begin before it are read.</param>
    /// <param name="checkpoint">Called between partitions.</param>
    /// <param name="stopping">Gives up.</param>
    public async Task ReadAsync(Run run, DateTimeOffset begin, DateTimeOffset end, Func<Task> checkpoint, CancellationToken stopping)
    {
        var window = DateTimeOffset.FromUnixTimeMilliseconds(_parts.Window.Begin(run.End.ToUnixTimeMilliseconds()));
        await foreach (var (partition, listed) in run.Window.PartitionsAsync(begin, end, stopping).ConfigureAwait(false))
        {
            foreach (var entry in listed.Objects)
            {
                var discovered = _parts.Clock.WallNow;
                await using var opened = await _parts.Store.OpenAsync(entry.Key, stopping).ConfigureAwait(false);
                if (opened is null)
                {
                    _logger.ObjectGone(entry.Key, partition.Name);
                    continue;
                }

                var content = opened.Entry.ETag == entry.ETag ? opened with { Entry = entry with { Size = opened.Entry.Size } } : opened;
                var known = run.State.Known(partition).GetValueOrDefault(entry.Key);
                var isNew = run.Advances && (known is null || known.ETag != content.Entry.ETag);
                var generation = known is null ? 0 : known.ETag == content.Entry.ETag ? known.Generation : known.Generation + 1;
                var signals = partition.End > window ? run.Window.Window : null;
                var place = new ObjectPlace(partition, entry.Key, content.Entry.ETag, generation);
                var tally = await run.Intake.ReadAsync(content, place, isNew && !_isRepair ? discovered : null, run.Feed, signals, stopping).ConfigureAwait(false);
                run.Objects++;
                run.Lines += tally.Lines;
                if (isNew)
                {
                    run.State = run.State.Finish(partition, new PublishedObject(place.Key, place.ETag, generation), tally.Lines, tally.Records);
                }
            }

            if (run.Advances && partition.Start == run.State.Watermark)
            {
                run.State = run.State.Complete(partition);
            }

            await checkpoint().ConfigureAwait(false);
        }
    }

    /// <summary>What a run has in hand.</summary>
    /// <param name="state">What is indexed.</param>
    /// <param name="end">The end of the window, event time.</param>
    /// <param name="solr">The index.</param>
    /// <param name="reader">The same, as a reader sees it.</param>
    /// <param name="advances">Whether objects that are new are noted.</param>
    public Run Begin(PublishState state, DateTimeOffset end, ISolrWriter solr, SolrReader reader, bool advances)
    {
        var letters = _parts.DeadLetters(_lane);
        var intake = _parts.Intake(letters);
        return new Run(
            state, end, advances, intake, letters, _parts.Feed(solr, letters, tells: !_isRepair), new StoreWindow(_parts, _layout, _discovery, intake, reader));
    }

    private async Task RunAsync(PublishState state, DateTimeOffset begin, DateTimeOffset end, bool advances, CancellationToken stopping)
    {
        var began = Stopwatch.GetTimestamp();
        using var abort = new CancellationTokenSource();
        using var deadline = stopping.Register(() => abort.CancelAfter(_parts.Lane.DrainDeadline));
        await using var run = Begin(state, advances ? end : state.Watermark, _parts.SolrWriter, _parts.SolrReader, advances);
        using var giveUp = run.Feed.GiveUpOn(abort.Token);
        try
        {
            await ReadAsync(run, begin, end, () => CheckpointAsync(run), stopping).ConfigureAwait(false);
            if (!advances)
            {
                // The window need not lie in the range.
                await run.Window.RebuildAsync(state, all: true, stopping).ConfigureAwait(false);
            }

            run.Window.Window?.Advance(run.End.ToUnixTimeMilliseconds());
            var cleared = await run.Window.ClearOthersAsync(run.Feed, stopping).ConfigureAwait(false);
            var states = await run.Window.WriteAsync(run.Feed).ConfigureAwait(false);
            var stale = (_parts.Clock.WallNow - _parts.Clock.ToWall(state.Watermark)).TotalSeconds;
            await CommitAsync(run).ConfigureAwait(false);
            Measure();
            _logger.Ran(begin, end, run.Objects, run.Lines, states, cleared, Stopwatch.GetElapsedTime(began).TotalSeconds, stale);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await DrainAsync(run, abort.Token).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// The cursor may move before the signals are written: every run counts them from the store. So a long first run that is cut off
    /// need not begin anew.
    /// </summary>
    private async Task CheckpointAsync(Run run)
    {
        if (run.State.Counts.Lines - run.Committed.Counts.Lines >= _parts.Objects.CheckpointLines)
        {
            await CommitAsync(run).ConfigureAwait(false);
        }
    }

    private async Task CommitAsync(Run run)
    {
        await run.Feed.FlushAsync().ConfigureAwait(false);
        run.Letters.Forget();
        if (!run.Advances || ReferenceEquals(run.State, run.Committed))
        {
            return;
        }

        var record = new CursorRecord { Instance = _instance, Progress = run.State.ToProgress(_parts.Clock.WallNow) };
        if (!await _cursor.TryAdvanceAsync(record, CancellationToken.None).ConfigureAwait(false))
        {
            _logger.RanTwice(_cursor.Key);
            run.Advances = false;
            return;
        }

        _meter.Committed(run.Committed.Counts, run.State.Counts);
        State = run.Committed = run.State;
    }

    private async Task DrainAsync(Run run, CancellationToken abort)
    {
        try
        {
            await CommitAsync(run).ConfigureAwait(false);
            _logger.ObjectsDrained(run.State.Watermark);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            _logger.ObjectsNotDrained(_parts.Lane.DrainDeadline);
        }
    }

    /// <summary>See <see cref="Begin"/>.</summary>
    internal sealed class Run(
        PublishState state, DateTimeOffset end, bool advances, ObjectIntake intake, ObjectDeadLetters letters, BatchFeed feed, StoreWindow window) : IAsyncDisposable
    {
        public PublishState State { get; set; } = state;

        public PublishState Committed { get; set; } = state;

        public DateTimeOffset End => end;

        public bool Advances { get; set; } = advances;

        public ObjectIntake Intake => intake;

        public ObjectDeadLetters Letters => letters;

        public BatchFeed Feed => feed;

        public StoreWindow Window => window;

        public long Objects { get; set; }

        public long Lines { get; set; }

        public ValueTask DisposeAsync() => feed.DisposeAsync();
    }
}
