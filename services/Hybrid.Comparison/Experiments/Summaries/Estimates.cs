using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Experiments.Summaries;

/// <summary>A figure over repetitions, with the 95 % confidence interval of its mean by Student's t; the interval of what cannot be below zero ends there.</summary>
internal static class Estimates
{
    /// <summary>The estimate; null when no run has the figure.</summary>
    public static Estimate? Of(IEnumerable<double?> figures)
    {
        var sorted = figures.OfType<double>().Where(double.IsFinite).Order().ToArray();
        if (sorted.Length == 0)
        {
            return null;
        }

        var mean = sorted.Average();
        double? half = null;
        if (sorted.Length > 1)
        {
            var deviation = Math.Sqrt(sorted.Sum(figure => (figure - mean) * (figure - mean)) / (sorted.Length - 1));
            half = StudentT.Quantile(sorted.Length - 1) * deviation / Math.Sqrt(sorted.Length);
        }

        return new Estimate
        {
            Mean = mean,
            Median = sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2,
            Min = sorted[0],
            Max = sorted[^1],
            Low = mean - half is { } low && sorted[0] >= 0 ? Math.Max(0, low) : mean - half,
            High = mean + half,
            Runs = sorted.Length,
        };
    }

    /// <summary>Whether two estimates are told apart: both have an interval, and the intervals do not overlap.</summary>
    public static bool Differ(Estimate left, Estimate right) =>
        left is { Low: { } leftLow, High: { } leftHigh } && right is { Low: { } rightLow, High: { } rightHigh } && (leftHigh < rightLow || rightHigh < leftLow);
}
