using System.Globalization;
using Hybrid.Comparison.Experiments;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Reporting.Html;

/// <summary>What an experiment found and what it refuses to conclude.</summary>
internal static class Findings
{
    private const int Shown = 5;

    public static ExperimentReport? Of(ComparisonReport report, string kind) => report.Experiments.FirstOrDefault(experiment => experiment.Kind == kind);

    public static string Render(ExperimentReport experiment) =>
        Html.List(experiment.Findings.Take(Shown)) + More(experiment.Findings) + string.Concat(experiment.Refusals.Select(refusal => $"<p class=\"warn\">Not concluded: {Html.Text(refusal)}</p>"));

    private static string More(IReadOnlyList<string> findings) => findings.Count <= Shown
        ? ""
        : $"<details><summary>{findings.Count - Shown} more findings</summary>{Html.List(findings.Skip(Shown))}</details>";

    /// <summary>A lane and its point, with a link to each of its runs.</summary>
    public static string Name(PointSummary summary)
    {
        var runs = string.Join(' ', summary.Runs.Select((run, index) => Html.Link(Anchors.Run(run), (index + 1).ToString(CultureInfo.InvariantCulture))));
        return Html.Text(NameOf(summary)) + (summary.Runs.Count == 0 ? "" : $"<small class=\"to\">{(summary.Runs.Count == 1 ? "run" : "runs")} {runs}</small>");
    }

    public static string NameOf(PointSummary summary) => NameOf(summary.Lane, summary.Point);

    public static string NameOf(string lane, string point) => point.Length == 0 ? lane : $"{lane} {Spaced(point)}";

    /// <summary>A point in words that may be broken into lines.</summary>
    public static string Spaced(string point) => point.Replace(",", ", ", StringComparison.Ordinal);

    /// <summary>Whether the index was right, and why nothing may be concluded where that is so.</summary>
    public static string Verdict(PointSummary summary) =>
        Html.Good(summary.Converged || SkippedByPolicy.Explains(summary), Reporting.Verdict.Index(summary))
        + (summary.Inconclusive is { } reason ? $"<small>not concluded: {Html.Text(reason)}</small>" : "")
        + (summary.Discarded > 0 ? $"<small>{summary.Discarded} discarded</small>" : "");
}
