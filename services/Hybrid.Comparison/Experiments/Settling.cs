using System.Diagnostics;

namespace Hybrid.Comparison.Experiments;

/// <summary>Waits for something that may take long as long as it gets on.</summary>
internal static class Settling
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks again and again until it is done, or nothing has changed for a time.</summary>
    /// <param name="look">Whether it is done, and a figure that changes as it gets on.</param>
    /// <param name="patience">How long nothing may change.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it is done.</returns>
    public static async Task<bool> WaitAsync(Func<Task<(bool Done, long Figure)>> look, TimeSpan patience, CancellationToken cancellationToken)
    {
        long? last = null;
        var changed = Stopwatch.GetTimestamp();
        while (true)
        {
            var (done, figure) = await look().ConfigureAwait(false);
            if (done)
            {
                return true;
            }

            if (figure != last)
            {
                last = figure;
                changed = Stopwatch.GetTimestamp();
            }
            else if (Stopwatch.GetElapsedTime(changed) > patience)
            {
                return false;
            }

            await Task.Delay(Interval, cancellationToken).ConfigureAwait(false);
        }
    }
}
