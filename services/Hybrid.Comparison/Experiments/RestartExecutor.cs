using Hybrid.Comparison.Processes;
using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Experiments;

/// <summary>Kills or stops services at the planned moments and starts them again.</summary>
/// <param name="publisher">The publisher.</param>
/// <param name="lane">The lane.</param>
/// <param name="firstDue">When the first partition is due, wall time.</param>
/// <param name="clock">Wall time.</param>
internal sealed class RestartExecutor(SupervisedService publisher, SupervisedService lane, DateTimeOffset firstDue, TimeProvider clock)
{
    private readonly List<ExecutedRestart> _executed = [];
    private readonly List<string> _problems = [];

    /// <summary>What was done, in order. Read it once <see cref="RunAsync"/> has ended.</summary>
    public IReadOnlyList<ExecutedRestart> Executed => _executed;

    /// <summary>Stops that did not go well, one sentence each.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Carries out the steps, one after the other.</summary>
    /// <param name="steps">The steps, each with its moment in wall time.</param>
    /// <param name="drainDeadline">How long a stopped service may drain.</param>
    /// <param name="startDeadline">How long a service may take to start.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(
        IEnumerable<(RestartStep Step, DateTimeOffset At)> steps, TimeSpan drainDeadline, TimeSpan startDeadline, CancellationToken cancellationToken)
    {
        foreach (var (step, at) in steps.OrderBy(step => step.At))
        {
            var wait = at - clock.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
            }

            var service = step.Target == RestartStep.Publisher ? publisher : lane;
            var signalled = clock.GetUtcNow();
            if (step.Kind == RestartKind.Kill)
            {
                await service.KillAsync().ConfigureAwait(false);
            }
            else if (await service.StopAsync(drainDeadline).ConfigureAwait(false) is { } problem)
            {
                _problems.Add(problem);
            }

            var gone = clock.GetUtcNow();
            await Task.Delay(step.Outage, clock, cancellationToken).ConfigureAwait(false);
            service.Start();
            await service.WaitUntilRunningAsync(startDeadline, cancellationToken).ConfigureAwait(false);
            _executed.Add(new ExecutedRestart(
                new RestartReport
                {
                    Target = service.Name,
                    Kind = step.Kind == RestartKind.Kill ? "kill" : "stop",
                    AtSeconds = Math.Round((signalled - firstDue).TotalSeconds, 3),
                    OutageSeconds = step.Outage > TimeSpan.Zero ? step.Outage.TotalSeconds : null,
                    DetectionSeconds = (gone - signalled).TotalSeconds,
                    DowntimeSeconds = (clock.GetUtcNow() - signalled).TotalSeconds,
                },
                signalled));
        }
    }
}

/// <summary>A restart that was made.</summary>
/// <param name="Report">What is known of it.</param>
/// <param name="Signalled">When the signal was sent, wall time.</param>
internal sealed record ExecutedRestart(RestartReport Report, DateTimeOffset Signalled);
