using Hybrid.Cli.CommandLine;
using Hybrid.Comparison.Experiments;
using Hybrid.Comparison.Progress;
using Hybrid.Comparison.Reporting;
using Hybrid.Contracts.Reports;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Cli.Verbs;

/// <summary>What every verb that ends in a report does around its run: progress, the table, where the report is, the exit code.</summary>
internal static class ComparisonVerbs
{
    public static async Task<int> RunAsync(Func<IComparisonProgress, Task<ComparisonReport>> run, string directory)
    {
        var report = await ComparisonConsole.RunAsync(Terminals.Errors(), run);
        TerminalReport.Write(report, Terminals.Output());
        Console.WriteLine($"report: {Path.Combine(directory, ReportFiles.Html)}");
        return ComparisonRunner.Succeeded(report) ? ExitCodes.Done : ExitCodes.FailureFound;
    }
}
