using Hybrid.Comparison.Evidence;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Reporting;

/// <summary>A lane in a report's first table: of its repetitions where the freshness experiment was made, else of its one run.</summary>
internal sealed record LaneRow
{
    public required string Name { get; init; }

    public Measured? P50 { get; init; }

    public Measured? P95 { get; init; }

    public Measured? P99 { get; init; }

    public double? Max { get; init; }

    public long? Samples { get; init; }

    public Measured? CoreSecondsPerMillion { get; init; }

    public Measured? PeakMemory { get; init; }

    public Measured? SolrRequests { get; init; }

    public required bool Sound { get; init; }

    public required string Index { get; init; }

    public static IReadOnlyList<LaneRow> Of(ComparisonReport report) =>
        report.Experiments.FirstOrDefault(experiment => experiment.Kind == ExperimentKinds.Freshness) is { Summaries.Count: > 0 } freshness
            ? [.. freshness.Summaries.Select(summary => OfSummary(report, summary))]
            : [.. report.Lanes.Select(OfLane)];

    private static LaneRow OfSummary(ComparisonReport report, PointSummary summary)
    {
        var lane = report.Lanes.FirstOrDefault(lane => lane.Name == summary.Lane);
        return new LaneRow
        {
            Name = summary.Point.Length == 0 ? summary.Lane : $"{summary.Lane} ({summary.Point})",
            P50 = summary.Figure(FigureNames.FreshnessP50),
            P95 = summary.Figure(FigureNames.FreshnessP95),
            P99 = summary.Figure(FigureNames.FreshnessP99),
            Max = summary.FreshnessSeconds?.Max,
            Samples = summary.FreshnessSeconds?.Samples,
            CoreSecondsPerMillion = summary.Figure(FigureNames.CoreSecondsPerMillion),
            PeakMemory = summary.Figure(FigureNames.PeakMemory),
            SolrRequests = summary.Figure(FigureNames.SolrRequests),
            Sound = summary.Converged,
            Index = summary.Converged || lane is null || lane.Truth.Converged
                ? summary.Converged ? $"right in {summary.Runs.Count} {(summary.Runs.Count == 1 ? "run" : "runs")}" : "NOT right in every run"
                : Verdict.Truth(lane.Truth),
        };
    }

    private static LaneRow OfLane(LaneReport lane) => new()
    {
        Name = lane.Name,
        P50 = Once(lane.FreshnessSeconds?.P50),
        P95 = Once(lane.FreshnessSeconds?.P95),
        P99 = Once(lane.FreshnessSeconds?.P99),
        Max = lane.FreshnessSeconds?.Max,
        Samples = lane.FreshnessSeconds?.Samples,
        CoreSecondsPerMillion = Once(lane.Cost.CoreSecondsPerMillionRecords),
        PeakMemory = Once(lane.Cost.PeakMemoryBytes),
        SolrRequests = Once(lane.Cost.SolrRequests),
        Sound = lane.Truth.Converged,
        Index = Verdict.Truth(lane.Truth),
    };

    private static Measured? Once(double? value) => value is { } figure ? Measured.Once(figure) : null;
}
