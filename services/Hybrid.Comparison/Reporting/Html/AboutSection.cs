using System.Text;
using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Reporting.Html;

/// <summary>How the report came about, so that it can be repeated, and what it does not say.</summary>
internal static class AboutSection
{
    public static string Render(ComparisonReport report)
    {
        var (run, input) = (report.Run, report.Input);
        var text = new StringBuilder("<dl>");
        Entry("command", $"<code>{Html.Text(run.Command)}</code>");
        Entry("input", Html.Text($"{input.Source}: {Figures.Count(input.Partitions)} partitions, {input.FirstPartition} to {input.LastPartition}, {Figures.Count(input.Objects)} objects, {Figures.Count(input.Lines)} lines, {Figures.Count(input.Records)} records, {Figures.Count(input.DeadLetters)} dead letters, {Figures.Count(input.Documents)} documents"));
        Entry("when", Html.Text(Html.Invariant($"{run.StartedAt:yyyy-MM-dd HH:mm:ss} UTC, {Figures.Seconds(run.DurationSeconds)}")));
        Entry("pace", Html.Text($"a partition due every {Figures.Seconds(run.PaceSeconds)}"));
        Entry("stack", Html.Text(string.Join(", ", run.Stack.Select(pair => $"{pair.Key}: {pair.Value}"))));
        Entry("settings", Html.Text(string.Join(", ", run.Settings.Select(pair => $"{pair.Key} {pair.Value}"))));
        Entry("machine", Html.Text($"{run.Machine.Cores} cores, {Figures.Bytes(run.Machine.MemoryBytes)}, {run.Machine.OperatingSystem}, {run.Machine.Runtime}"));
        Entry("version", Html.Text(Html.Invariant($"Hybrid {run.Version}")) + (run.Seed is { } seed ? Html.Invariant($", seed {seed}") : ""));
        text.Append("</dl>");
        if (report.Decision is { NotMeasured.Count: > 0 } decision)
        {
            text.Append("<h3>Not measured</h3>").Append(Html.List(decision.NotMeasured));
        }

        return text.ToString();

        void Entry(string name, string html) => text.Append($"<dt>{name}</dt><dd>{html}</dd>");
    }
}
