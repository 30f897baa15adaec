using System.Globalization;
using System.Text;
using Hybrid.Comparison.Reporting.Changes;

namespace Hybrid.Comparison.Reporting;

/// <summary>What moved since another report, for a pull request.</summary>
internal static class MarkdownChanges
{
    public static void Write(StringBuilder text, ReportChanges? changes)
    {
        if (changes is null)
        {
            return;
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"Against the report of {changes.Before:u}: {changes.Summary}").AppendLine();
        foreach (var condition in changes.Conditions)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"> Not the same in both: {condition}").AppendLine();
        }

        if (!changes.Moved.Any())
        {
            return;
        }

        text.AppendLine("| moved | what | figure | before | now | change |");
        text.AppendLine("|---|---|---|---:|---:|---:|");
        foreach (var change in changes.Moved.OrderBy(change => change.Movement))
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {(change.Movement == Movement.Worse ? "**worse**" : "better")} | {change.Where} | {FigureFormats.Words(change.Figure)} | {FigureFormats.Write(change.Figure, change.Before)} | {FigureFormats.Write(change.Figure, change.After)} | {change.Share:+0 %;-0 %;0 %} |");
        }

        text.AppendLine();
    }
}
