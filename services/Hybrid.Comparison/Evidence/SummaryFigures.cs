using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Evidence;

/// <summary>Reads a summary's figures by name.</summary>
internal static class SummaryFigures
{
    /// <summary>A figure with its spread; null when it was measured in no run.</summary>
    public static Measured? Figure(this PointSummary summary, string name) => Measured.OfOptional(summary.Figures.GetValueOrDefault(name));
}
