using System.Text;
using System.Text.Json;
using Hybrid.Comparison.Reporting.Html;
using Hybrid.Contracts.Json;
using Hybrid.Contracts.Reports;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Reporting;

/// <summary>Reads and writes a report's files.</summary>
public static class ReportFiles
{
    /// <summary>The file for machines.</summary>
    public const string Json = "report.json";

    /// <summary>The file for a pull request.</summary>
    public const string Markdown = "report.md";

    /// <summary>The file for people: self-contained, and readable without its script.</summary>
    public const string Html = "report.html";

    /// <summary>Writes <c>report.json</c>, <c>report.md</c> and <c>report.html</c>, each whole or not at all.</summary>
    /// <param name="report">The report.</param>
    /// <param name="directory">Where; made when it is not there.</param>
    /// <param name="cancellationToken">Gives up before the next file.</param>
    /// <exception cref="HybridException">A file cannot be written.</exception>
    public static Task WriteAsync(ComparisonReport report, string directory, CancellationToken cancellationToken) =>
        WriteAsync(report, directory, ReportOptions.Standard(), cancellationToken);

    /// <summary>The same, drawn with prices and loads of the user's, or set against another report.</summary>
    internal static async Task WriteAsync(ComparisonReport report, string directory, ReportOptions options, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(directory);
            await ReplaceAsync(Path.Combine(directory, Json), JsonSerializer.Serialize(report, ReportJson.Default.ComparisonReport) + "\n", cancellationToken).ConfigureAwait(false);
            await ReplaceAsync(Path.Combine(directory, Markdown), MarkdownReport.Render(report, options), cancellationToken).ConfigureAwait(false);
            await ReplaceAsync(Path.Combine(directory, Html), HtmlReport.Render(report, options), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw HybridException.Failure($"the report cannot be written to {directory} ({failure.Message}): give another --out", failure);
        }
    }

    /// <summary>Reads a <c>report.json</c>.</summary>
    /// <param name="path">The file, or the directory that holds it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HybridException">It is not there or is no report of this version.</exception>
    public static async Task<ComparisonReport> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, Json) : path;
        if (!File.Exists(file))
        {
            throw HybridException.WrongCall($"there is no report at {file}: give a report.json or the directory that a comparison wrote");
        }

        try
        {
            await using var stream = File.OpenRead(file);
            var report = await JsonSerializer.DeserializeAsync(stream, ReportJson.Default.ComparisonReport, cancellationToken).ConfigureAwait(false);
            return report is { SchemaVersion: 1 }
                ? report
                : throw HybridException.WrongCall($"{file} is of schema version {report?.SchemaVersion}, which this build does not read: run the comparison again");
        }
        catch (JsonException failure)
        {
            throw HybridException.WrongCall($"{file} is no report ({JsonMistake.Describe(failure)})");
        }
    }

    private static async Task ReplaceAsync(string path, string content, CancellationToken cancellationToken)
    {
        var next = path + ".next";
        await File.WriteAllTextAsync(next, content, new UTF8Encoding(false), cancellationToken).ConfigureAwait(false);
        File.Move(next, path, overwrite: true);
    }
}
