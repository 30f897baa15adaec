namespace Hybrid.Sandbox.Kafka.Log;

/// <summary>Lets one reader wait until any of several partitions has something new to read.</summary>
internal sealed class AppendWaiter
{
    private readonly TaskCompletionSource _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Signal() => _signal.TrySetResult();

    /// <summary>Completes at the first signal or when the time is up.</summary>
    public async Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        await _signal.Task.WaitAsync(timeout, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
