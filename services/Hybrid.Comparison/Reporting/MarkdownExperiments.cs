using System.Globalization;
using System.Text;
using Hybrid.Comparison.Evidence;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Reporting;

/// <summary>What each experiment found, for a pull request: the findings, and the figures that the experiment is about.</summary>
internal static class MarkdownExperiments
{
    private static readonly Dictionary<string, string[]> s_figures = new()
    {
        [ExperimentKinds.Load] = [FigureNames.SustainableRate, FigureNames.FreshnessP99],
        [ExperimentKinds.Frontier] = [FigureNames.FreshnessP99, FigureNames.CoreSecondsPerMillion],
        [ExperimentKinds.Restart] = [FigureNames.Downtime, FigureNames.CatchUp, FigureNames.PeakStaleness, FigureNames.Replayed, FigureNames.Lost],
        [ExperimentKinds.Faults] = [FigureNames.PeakStaleness, FigureNames.CatchUp, FigureNames.OutOfOrder],
        [ExperimentKinds.Cost] = [FigureNames.FreshnessP99, FigureNames.CoreSecondsPerMillion, FigureNames.RestCoreSecondsPerHour],
    };

    public static void Write(StringBuilder text, ComparisonReport report)
    {
        foreach (var experiment in report.Experiments)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"## {experiment.Kind}").AppendLine();
            foreach (var finding in experiment.Findings)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"- {finding}");
            }

            foreach (var refusal in experiment.Refusals)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"- not concluded: {refusal}");
            }

            text.AppendLine();
            if (s_figures.TryGetValue(experiment.Kind, out var figures) && experiment.Summaries.Count > 0)
            {
                Table(text, experiment, figures);
            }
        }
    }

    private static void Table(StringBuilder text, ExperimentReport experiment, string[] figures)
    {
        text.Append("| lane | setting |").AppendJoin("", figures.Select(name => $" {Changes.FigureFormats.Words(name)} |")).AppendLine(" index |");
        text.Append("|---|---|").AppendJoin("", figures.Select(_ => "---:|")).AppendLine("---|");
        foreach (var summary in experiment.Summaries)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {summary.Lane} | {(summary.Point.Length == 0 ? "default" : summary.Point)} |")
                .AppendJoin("", figures.Select(name => $" {Spread.Of(summary.Figure(name), value => Changes.FigureFormats.Write(name, value))} |"))
                .AppendLine(CultureInfo.InvariantCulture, $" {Verdict.Index(summary)}{(summary.OnFront == true ? ", on the front" : "")} |");
        }

        text.AppendLine();
    }
}
