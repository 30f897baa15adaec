using System.Diagnostics;
using Hybrid.Pipeline.Discovery;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Planning;
using Hybrid.Publisher.Clocks;
using Hybrid.Publisher.Discovery;
using Hybrid.Publisher.Measurement;
using Microsoft.Extensions.Logging;

namespace Hybrid.Publisher.Publishing;

/// <summary>
/// One life of a transactional producer, from fencing its predecessors to its first failure: list, plan, publish, wait. Whatever fails,
/// the next session begins with the progress that is committed.
/// </summary>
internal sealed class PublishSession(
    PublishTarget target,
    IDiscoverySource discovery,
    IObjectStore store,
    PublishPlanner planner,
    ICompletion completion,
    PublishTransaction transaction,
    PlanExecutor executor,
    PublisherOptions options,
    EventClock clock,
    ClockWatch watch,
    PublisherMeter meter,
    ILogger logger)
{
    /// <summary>How many objects that are not listed any more are asked for in one cycle.</summary>
    private const int MostAsked = 64;

    /// <summary>How often it is said how far a publisher that catches up has come.</summary>
    private static readonly TimeSpan s_tell = TimeSpan.FromSeconds(5);

    private ListingHistory _history = ListingHistory.Empty;
    private long _told = Stopwatch.GetTimestamp();

    /// <summary>Publishes until the end that was asked for is reached, or until stopped.</summary>
    /// <param name="exitWhenDone">Whether to return at that end, or to look for late objects until stopped.</param>
    /// <param name="committed">Told after each transaction.</param>
    /// <param name="stopping">Stops between or within transactions.</param>
    public async Task RunAsync(bool exitWhenDone, Action committed, CancellationToken stopping)
    {
        while (true)
        {
            stopping.ThrowIfCancellationRequested();
            await watch.LookAsync(stopping).ConfigureAwait(false);
            var wallNow = clock.WallNow;
            var wasDone = planner.IsDone(transaction.State);
            var window = planner.Window(transaction.State, wallNow);
            var listing = await discovery.ListAsync(window, stopping).ConfigureAwait(false);
            var discovered = clock.WallNow;
            await LookForDeletedAsync(listing, stopping).ConfigureAwait(false);
            meter.Discovered(planner.Unpublished(transaction.State, listing));
            _history = _history.With(listing, transaction.State.Watermark, wallNow, options.PollInterval);
            var plan = planner.Plan(transaction.State, listing, _history, wallNow);
            Tell(wallNow);

            // A listing that lags plans what is gone or published already: that moves nothing, and the next look may wait.
            var before = transaction.State;
            await executor.ExecuteAsync(plan, discovered, committed, stopping).ConfigureAwait(false);
            var moved = !ReferenceEquals(before, transaction.State);
            Tell(clock.WallNow);
            if (wasDone && exitWhenDone && !moved)
            {
                await transaction.SettleAsync(stopping).ConfigureAwait(false);
                var state = transaction.State;
                LogMessages.Done(logger, state.Watermark, state.Counts.Lines, state.Counts.Records, state.Counts.DeadLetters);
                return;
            }

            await WaitAsync(moved, exitWhenDone, stopping).ConfigureAwait(false);
        }
    }

    /// <summary>A listing that does not show an object may only lag behind; the store tells whether it is there.</summary>
    private async Task LookForDeletedAsync(Listing listing, CancellationToken stopping)
    {
        foreach (var (partition, known) in planner.Missing(transaction.State, listing).Take(MostAsked))
        {
            await using var found = await store.OpenAsync(known.Key, stopping).ConfigureAwait(false);
            if (found is null)
            {
                LogMessages.ObjectDeleted(logger, known.Key, partition.Name);
                transaction.Take(transaction.State.Delete(partition, known));
            }
        }
    }

    private void Tell(DateTimeOffset wallNow)
    {
        var lag = planner.Lag(transaction.State, clock.ToEvent(wallNow), wallNow);
        meter.Lags(transaction.State.Watermark, lag);
        if (lag.Partitions > 1 && Stopwatch.GetElapsedTime(_told) > s_tell)
        {
            _told = Stopwatch.GetTimestamp();
            LogMessages.CatchingUp(logger, target.Description, lag.Partitions, transaction.State.Watermark);
        }
    }

    private async Task WaitAsync(bool moved, bool exitWhenDone, CancellationToken stopping)
    {
        var isDone = planner.IsDone(transaction.State);
        if (isDone && (moved || exitWhenDone))
        {
            return;
        }

        var delay = options.PollInterval;
        if (!isDone)
        {
            var untilDue = completion.DueAt(planner.Next(transaction.State)) - clock.WallNow;
            delay = untilDue <= TimeSpan.Zero && moved && options.MaxPartitionsPerCycle is null ? TimeSpan.Zero
                : untilDue > TimeSpan.Zero && untilDue < delay ? untilDue
                : delay;
        }

        if (delay > TimeSpan.Zero)
        {
            await discovery.WaitAsync(delay, stopping).ConfigureAwait(false);
        }
    }
}
