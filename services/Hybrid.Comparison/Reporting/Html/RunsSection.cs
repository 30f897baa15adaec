using System.Text;
using Hybrid.Comparison.Experiments;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Reporting.Html;

/// <summary>Every run of every experiment, in the order they were made, discarded ones too.</summary>
internal static class RunsSection
{
    public static string Render(ComparisonReport report)
    {
        var text = new StringBuilder();
        foreach (var experiment in report.Experiments.Where(experiment => experiment.Runs.Count > 0))
        {
            var shared = string.Join(", ", experiment.Settings.Select(pair => $"{pair.Key} {pair.Value}"));
            text.Append(Html.Invariant($"<details class=\"runs\"><summary>{Html.Text(experiment.Kind)}: {experiment.Runs.Count} runs</summary>{Html.Note(shared)}{Table(experiment)}</details>"));
        }

        return text.ToString();
    }

    private static string Table(ExperimentReport experiment)
    {
        var table = new HtmlTable().Words("run").Figure("p50", Definitions.Percentile).Figure("p95", Definitions.Percentile).Figure("p99", Definitions.Percentile).Figure("samples", Definitions.Percentile)
            .Figure("core-s per million", Definitions.CoreSeconds).Figure("peak memory", Definitions.Memory).Figure("took").Words("noise", Definitions.Noise).Words("index", Definitions.Index);
        foreach (var run in experiment.Runs)
        {
            table.Anchored(
                Anchors.Run(run.Id),
                Html.Text($"{run.Lane} {run.Point} #{run.Repetition}") + (run.Discarded is { } reason ? $"<small class=\"warn\">discarded: {Html.Text(reason)}</small>" : ""),
                Html.Text(Figures.Seconds(run.FreshnessSeconds?.P50)),
                Html.Text(Figures.Seconds(run.FreshnessSeconds?.P95)),
                Html.Text(Figures.Seconds(run.FreshnessSeconds?.P99)),
                Html.Text(Figures.Count(run.FreshnessSeconds?.Samples)),
                Html.Text(Figures.CoreSeconds(run.Cost.CoreSecondsPerMillionRecords)),
                Html.Text(Figures.Bytes(run.Cost.PeakMemoryBytes)),
                Html.Text(Figures.Seconds(run.DurationSeconds)),
                Html.Text(Noise(run.Noise)),
                Html.Good(run.Errors.Count == 0 && ((run.Truth.Converged && run.Accounting.AddsUp) || SkippedByPolicy.Explains(run)), Index(run)));
        }

        return table.Render();
    }

    private static string Index(ExperimentRun run) => run.Errors.Count > 0 ? run.Errors[0]
        : run.Truth.Converged ? "right"
        : SkippedByPolicy.Explains(run) ? $"{Verdict.Skipped}: {Figures.Count(run.Restarts.Sum(restart => restart.Skipped))} records"
        : Verdict.Truth(run.Truth);

    private static string Noise(NoiseReport noise)
    {
        string?[] parts =
        [
            noise.GeneratorLatenessP99Seconds is { } generator ? $"generator {Figures.Seconds(generator)} late" : null,
            noise.StealShare is { } steal ? Html.Invariant($"steal {steal:0.0 %}") : null,
            noise.OtherLoadShare is { } others ? Html.Invariant($"others {others:0 %}") : null,
        ];
        return string.Join(", ", parts.OfType<string>());
    }
}
