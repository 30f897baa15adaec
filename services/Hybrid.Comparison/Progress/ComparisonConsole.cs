using Spectre.Console;

namespace Hybrid.Comparison.Progress;

/// <summary>Shows how a comparison goes: a live bar on a terminal, an occasional line elsewhere.</summary>
public static class ComparisonConsole
{
    /// <summary>Runs work that reports its progress.</summary>
    /// <typeparam name="T">What the work gives.</typeparam>
    /// <param name="console">Where to show it.</param>
    /// <param name="work">The work.</param>
    public static async Task<T> RunAsync<T>(IAnsiConsole console, Func<IComparisonProgress, Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(work);
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Capabilities.Ansi)
        {
            return await work(new PlainProgress(console, TimeProvider.System)).ConfigureAwait(false);
        }

        var notes = new List<string>();
        try
        {
            return await console.Progress()
                .AutoClear(false)
                .HideCompleted(false)
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
                .StartAsync(context => work(new LiveProgress(context, notes)))
                .ConfigureAwait(false);
        }
        finally
        {
            foreach (var note in notes)
            {
                console.WriteLine(note);
            }
        }
    }
}
