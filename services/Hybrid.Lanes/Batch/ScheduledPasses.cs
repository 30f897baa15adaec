using Hybrid.Pipeline.Hosting;
using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.Batch;

/// <summary>Runs passes by a schedule in event time until stopped. A run that fails for a reason that may pass is tried again.</summary>
/// <param name="pass">The pass.</param>
/// <param name="schedule">When.</param>
/// <param name="settle">How long after a time of the schedule a run begins, wall time: the partition that ends then is in it.</param>
/// <param name="clock">Event time.</param>
/// <param name="logger">Is told when the next run is due.</param>
internal sealed class ScheduledPasses(BatchPass pass, CronSchedule schedule, TimeSpan settle, EventClock clock, ILogger logger)
{
    private const double MaxBackoffSeconds = 5;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs until stopped: at once when a time of the schedule passed while nobody ran, and then at each.</summary>
    /// <exception cref="HybridException">A run cannot go on for a reason that will not pass.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        var state = await AgainAsync(token => pass.FindAsync(isStart: true, token), stopping).ConfigureAwait(false);
        var next = schedule.Next(state?.Watermark ?? clock.GetUtcNow());
        for (var isStart = true; next is { } due; isStart = false)
        {
            if (clock.ToWall(due) + settle > clock.WallNow)
            {
                logger.NextRun(due, schedule.ToString());
                await WaitAsync(clock.ToWall(due) + settle, stopping).ConfigureAwait(false);
            }

            var began = clock.ToEvent(clock.WallNow - settle);
            await AgainAsync(
                async token =>
                {
                    await pass.RunAsync(isStart, token).ConfigureAwait(false);
                    return true;
                },
                stopping).ConfigureAwait(false);

            // What came due during the run is next, at once and only once.
            next = schedule.Next(began);
            if (next is { } missed && schedule.Next(missed) is { } another && clock.ToWall(another) + settle <= clock.WallNow)
            {
                logger.RunsPassedBy();
            }
        }
    }

    /// <summary>Runs something, again and again while it fails for a reason that may pass.</summary>
    public async Task<T> AgainAsync<T>(Func<CancellationToken, Task<T>> run, CancellationToken stopping)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                return await run(stopping).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is IOException or HybridException { ExitCode: ExitCodes.Unreachable } && !stopping.IsCancellationRequested)
            {
                var delay = Math.Min(MaxBackoffSeconds, 0.05 * Math.Pow(2, failures)) * (0.5 + Random.Shared.NextDouble());
                Objects.ObjectLog.BeginsAgain(logger, "the run", failure.Message.ReplaceLineEndings(" "), delay);
                await Task.Delay(TimeSpan.FromSeconds(delay), stopping).ConfigureAwait(false);
            }
        }
    }

    private async Task WaitAsync(DateTimeOffset until, CancellationToken stopping)
    {
        while (until - clock.WallNow is var left && left > TimeSpan.Zero)
        {
            pass.Measure();
            await Task.Delay(left < s_look ? left : s_look, stopping).ConfigureAwait(false);
        }
    }
}
