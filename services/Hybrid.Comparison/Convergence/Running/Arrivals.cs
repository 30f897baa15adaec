using System.Diagnostics;
using Hybrid.Comparison.Convergence.Input;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Comparison.Convergence.Running;

/// <summary>
/// Puts a round's objects when they are due, whatever befalls the store. A correction is put only after what it corrects was published:
/// what becomes of a signal that is replaced before it was seen depends on who looks first.
/// </summary>
/// <param name="input">What to put.</param>
/// <param name="store">Where to.</param>
/// <param name="seen">Tells what was taken over.</param>
internal sealed class Arrivals(ConvergenceInput input, IObjectStore store, TakenObjects seen)
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(30);

    private long _put;

    /// <summary>A figure that changes as objects are put, and as what corrections wait for is taken over.</summary>
    public long Progress => Interlocked.Read(ref _put) + seen.Positions;

    /// <summary>Puts everything.</summary>
    /// <param name="began">When the round began, a timestamp of <see cref="Stopwatch"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(long began, CancellationToken cancellationToken)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        var corrections = new List<Task>();
        foreach (var put in input.Puts)
        {
            if (put.Generation > 0)
            {
                corrections.Add(CorrectAsync(put, tags[put.Key], began, cancellationToken));
                continue;
            }

            await WaitAsync(put.At, began, cancellationToken).ConfigureAwait(false);
            tags[put.Key] = await PutAsync(put, cancellationToken).ConfigureAwait(false);
        }

        await Task.WhenAll(corrections).ConfigureAwait(false);
    }

    private async Task CorrectAsync(PlannedPut put, string corrected, long began, CancellationToken cancellationToken)
    {
        await WaitAsync(put.At, began, cancellationToken).ConfigureAwait(false);
        while (!await seen.HaveAllAsync(put.Key, corrected, cancellationToken).ConfigureAwait(false))
        {
            await Task.Delay(Retry, cancellationToken).ConfigureAwait(false);
        }

        await PutAsync(put, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> PutAsync(PlannedPut put, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var content = new MemoryStream(put.Content);
                var tag = await store.PutAsync(put.Key, content, null, cancellationToken).ConfigureAwait(false);
                Interlocked.Increment(ref _put);
                return tag!;
            }
            catch (HybridException failure) when (failure.ExitCode == ExitCodes.Unreachable)
            {
                await Task.Delay(Retry, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static Task WaitAsync(TimeSpan at, long began, CancellationToken cancellationToken) =>
        at - Stopwatch.GetElapsedTime(began) is { } left && left > TimeSpan.Zero ? Task.Delay(left, cancellationToken) : Task.CompletedTask;
}
