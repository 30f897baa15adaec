using System.Diagnostics;
using System.Globalization;

namespace Hybrid.Pipeline.Hosting;

/// <summary>Stops a child when the process that started it is gone, so that a killed comparison leaves nothing behind.</summary>
public static class ParentProcess
{
    /// <summary>The environment variable that holds the parent's process id.</summary>
    public const string Variable = "HYBRID_PARENT_PID";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Watches the parent that <see cref="Variable"/> names, if it names one.</summary>
    /// <param name="gone">Called once when the parent is gone.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    public static async Task WatchAsync(Action gone, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(gone);
        if (!int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (IsRunning(id))
            {
                await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
            }

            gone();
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
