using System.Globalization;
using Hybrid.Comparison.Reporting.Changes;
using Hybrid.Pipeline.Hosting;
using Spectre.Console;

namespace Hybrid.Comparison.Reporting;

/// <summary>Draws a report again from its <c>report.json</c>.</summary>
public static class RedrawRunner
{
    /// <summary>Writes <c>report.md</c> and <c>report.html</c>, prints the table and, where two reports are set against each other, what moved.</summary>
    /// <param name="options">What, and with what.</param>
    /// <param name="console">Where the table goes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>0; 1 when a figure moved to the worse by more than noise since the older report.</returns>
    /// <exception cref="HybridException">The call is wrong, or a file cannot be read or written.</exception>
    public static async Task<int> RunAsync(RedrawOptions options, IAnsiConsole console, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(console);
        var report = await ReportFiles.ReadAsync(options.Report, cancellationToken).ConfigureAwait(false);
        var drawn = await ReportOptions.ReadAsync(options.Pricing, options.EventsPerDay, options.PartitionPeriod, cancellationToken).ConfigureAwait(false) with
        {
            Changes = options.Compare is { } older
                ? ReportChanges.Between(await ReportFiles.ReadAsync(older, cancellationToken).ConfigureAwait(false), report)
                : null,
        };
        var directory = options.Out ?? (Directory.Exists(options.Report) ? options.Report : Path.GetDirectoryName(Path.GetFullPath(options.Report))!);
        await ReportFiles.WriteAsync(report, directory, drawn, cancellationToken).ConfigureAwait(false);
        TerminalReport.Write(report, console);
        if (drawn.Changes is { } changes)
        {
            Write(changes, console);
        }

        console.WriteLine($"report: {Path.Combine(directory, ReportFiles.Html)}");
        return drawn.Changes?.Moved.Any(change => change.Movement == Movement.Worse) == true ? ExitCodes.FailureFound : ExitCodes.Done;
    }

    private static void Write(ReportChanges changes, IAnsiConsole console)
    {
        console.WriteLine();
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Against the report of {changes.Before:u}: {changes.Summary}"));
        foreach (var condition in changes.Conditions)
        {
            console.MarkupLineInterpolated($"[yellow]not the same in both: {condition}[/]");
        }

        foreach (var change in changes.Moved.OrderBy(change => change.Movement))
        {
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{(change.Movement == Movement.Worse ? "worse" : "better")}: {change.Where}: {FigureFormats.Words(change.Figure)} {FigureFormats.Write(change.Figure, change.Before)} → {FigureFormats.Write(change.Figure, change.After)} ({change.Share:+0 %;-0 %;0 %})");
            console.WriteLine(line, new Style(change.Movement == Movement.Worse ? Color.Red : Color.Green));
        }
    }
}
