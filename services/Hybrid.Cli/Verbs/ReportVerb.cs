using System.CommandLine;
using Hybrid.Cli.CommandLine;
using Hybrid.Comparison.Reporting;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Cli.Verbs;

/// <summary><c>hybrid report</c>: draws a report again from its <c>report.json</c>.</summary>
internal static class ReportVerb
{
    public static Command Create()
    {
        var source = new Argument<string>("report") { Description = "A report.json, or the directory that holds it.", HelpName = "REPORT" };
        var output = new Option<string?>("--out") { Description = "Where the files go; beside the report when not given.", HelpName = "DIR" };
        var verb = new VerbCommand(
            "report",
            "Draws report.md and report.html again from report.json, and prints the table.",
            "hybrid report out/report.json",
            "hybrid report out --out redrawn")
        {
            source, output,
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var from = parsed.GetValue(source)!;
            var report = await ReportFiles.ReadAsync(from, cancellationToken);
            var directory = parsed.GetValue(output) ?? (Directory.Exists(from) ? from : Path.GetDirectoryName(Path.GetFullPath(from))!);
            await ReportFiles.WriteAsync(report, directory, cancellationToken);
            TerminalReport.Write(report, Terminals.Output());
            Console.WriteLine($"report: {Path.Combine(directory, ReportFiles.Html)}");
            return ExitCodes.Done;
        });
        return verb;
    }
}
