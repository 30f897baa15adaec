using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Reporting.Html;

/// <summary>What an experiment found and what it refuses to conclude.</summary>
internal static class Findings
{
    public static ExperimentReport? Of(ComparisonReport report, string kind) => report.Experiments.FirstOrDefault(experiment => experiment.Kind == kind);

    public static string Render(ExperimentReport experiment) =>
        Html.List(experiment.Findings) + string.Concat(experiment.Refusals.Select(refusal => $"<p class=\"warn\">Not concluded: {Html.Text(refusal)}</p>"));

    /// <summary>A lane and its point, as a link to the first of its runs.</summary>
    public static string Name(PointSummary summary) => summary.Runs.Count > 0
        ? Html.Link(Anchors.Run(summary.Runs[0]), NameOf(summary))
        : Html.Text(NameOf(summary));

    public static string NameOf(PointSummary summary) => NameOf(summary.Lane, summary.Point);

    public static string NameOf(string lane, string point) => point.Length == 0 ? lane : $"{lane} {Spaced(point)}";

    /// <summary>A point in words that may be broken into lines.</summary>
    public static string Spaced(string point) => point.Replace(",", ", ", StringComparison.Ordinal);

    /// <summary>Whether the index was right, and why nothing may be concluded where that is so.</summary>
    public static string Verdict(PointSummary summary) =>
        Html.Good(summary.Converged, summary.Converged ? "right" : "WRONG")
        + (summary.Inconclusive is { } reason ? $"<small>not concluded: {Html.Text(reason)}</small>" : "")
        + (summary.Discarded > 0 ? $"<small>{summary.Discarded} discarded</small>" : "");
}
