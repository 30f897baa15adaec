using Hybrid.Comparison.Crashes;

namespace Hybrid.Comparison.Convergence.Running;

/// <summary>
/// A service through a round, supervised as in production: what it is told comes one after the other without anybody waiting for it, and
/// what ends for want of another service is started again.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="start">Starts it.</param>
/// <param name="violations">Is told when it ends as it must not.</param>
internal sealed class ServiceSlot(string name, Func<RunningService> start, Violations violations) : IAsyncDisposable
{
    private const int MostRestarts = 100;

    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RestartDelay = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private Task _told = Task.CompletedTask;
    private volatile RunningService? _running;
    private int _restarts;

    /// <summary>How often it was started again after it had ended for want of another service.</summary>
    public int Restarts => Volatile.Read(ref _restarts);

    /// <summary>Starts it, unless it runs.</summary>
    public void Start() => Tell(() =>
    {
        if (_running is null)
        {
            _running = start();
            _ = WatchAsync(_running);
        }

        return Task.CompletedTask;
    });

    /// <summary>Waits until it works, or for so long; at once when it has ended.</summary>
    public async Task WorksAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        await IdleAsync().ConfigureAwait(false);
        if (_running is { } running)
        {
            await Task.WhenAny(running.Works, running.Ended, Task.Delay(atMost, cancellationToken)).ConfigureAwait(false);
        }
    }

    /// <summary>Asks it to end.</summary>
    public void Stop() => Tell(() => EndAsync(async running =>
    {
        var hadEnded = running.Ended.IsCompleted;
        if (await running.StopAsync(StopDeadline).ConfigureAwait(false) is { } problem && !hadEnded)
        {
            violations.Add(name, problem);
        }
    }));

    /// <summary>Kills it.</summary>
    public void Kill() => Tell(() => EndAsync(running => running.KillAsync()));

    /// <summary>Waits until everything was done that it was told.</summary>
    public Task IdleAsync()
    {
        lock (_lock)
        {
            return _told;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Tell(() => EndAsync(_ => Task.CompletedTask));
        await IdleAsync().ConfigureAwait(false);
    }

    private void Tell(Func<Task> what)
    {
        lock (_lock)
        {
            var before = _told;
            _told = Task.Run(async () =>
            {
                await before.ConfigureAwait(false);
                try
                {
                    await what().ConfigureAwait(false);
                }
                catch (Exception failure)
                {
                    violations.Add(name, failure.Message);
                }
            });
        }
    }

    private async Task EndAsync(Func<RunningService, Task> end)
    {
        if (_running is { } running)
        {
            running.IsTold = true;
            _running = null;
            await end(running).ConfigureAwait(false);
            await running.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task WatchAsync(RunningService running)
    {
        var ended = await running.Ended.ConfigureAwait(false);
        if (running.IsTold)
        {
            return;
        }

        if (!ended.IsOutage || Interlocked.Increment(ref _restarts) > MostRestarts)
        {
            violations.Add(name, $"ended unasked with exit code {ended.ExitCode}: {ended.Message}");
            return;
        }

        await Task.Delay(RestartDelay).ConfigureAwait(false);
        Tell(async () =>
        {
            if (_running == running)
            {
                await running.DisposeAsync().ConfigureAwait(false);
                _running = start();
                _ = WatchAsync(_running);
            }
        });
    }
}
