using Hybrid.Pipeline.Hosting;
using Hybrid.Publisher.Discovery;
using Hybrid.Publisher.Planning;
using Hybrid.Publisher.Progress;
using Microsoft.Extensions.Logging;

namespace Hybrid.Publisher.Publishing;

/// <summary>
/// One life of a transactional producer, from fencing its predecessors to its first failure: list, plan, publish, wait. Whatever fails,
/// the next session begins with the progress that is committed.
/// </summary>
internal sealed class PublishSession(
    PartitionDiscovery discovery,
    PublishPlanner planner,
    ICompletion completion,
    PartitionTransaction transactions,
    PublisherOptions options,
    EventClock clock,
    ILogger logger)
{
    /// <summary>Publishes until the end that was asked for is reached, or until stopped.</summary>
    /// <param name="progress">What is committed, or where to begin.</param>
    /// <param name="committed">Told after each transaction.</param>
    /// <param name="stopping">Stops between or within transactions; one that is within is aborted.</param>
    public async Task RunAsync(SourceProgress progress, Action committed, CancellationToken stopping)
    {
        while (true)
        {
            stopping.ThrowIfCancellationRequested();
            var wallNow = clock.WallNow;
            var wasDone = planner.IsDone(progress);
            var window = planner.Window(progress, wallNow);
            var listing = await discovery.ListAsync(window, stopping).ConfigureAwait(false);
            var discovered = clock.WallNow;
            var plan = planner.Plan(progress, window, listing, wallNow);
            foreach (var planned in plan)
            {
                stopping.ThrowIfCancellationRequested();
                progress = await transactions.ExecuteAsync(progress, planned, discovered, stopping).ConfigureAwait(false);
                committed();
            }

            if (wasDone && options.ExitWhenDone && plan.Count == 0)
            {
                LogMessages.Done(logger, progress.Watermark, progress.Counts.Lines, progress.Counts.Records, progress.Counts.DeadLetters);
                return;
            }

            await WaitAsync(progress, plan, stopping).ConfigureAwait(false);
        }
    }

    private async Task WaitAsync(SourceProgress progress, IReadOnlyList<PlannedTransaction> plan, CancellationToken stopping)
    {
        if (planner.IsDone(progress) && (plan.Count > 0 || options.ExitWhenDone))
        {
            return;
        }

        var delay = options.PollInterval;
        if (!planner.IsDone(progress))
        {
            var untilDue = completion.DueAt(planner.Next(progress)) - clock.WallNow;
            delay = untilDue <= TimeSpan.Zero && plan.Count > 0 ? TimeSpan.Zero
                : untilDue > TimeSpan.Zero && untilDue < delay ? untilDue
                : delay;
        }

        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, stopping).ConfigureAwait(false);
        }
    }
}
