using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Experiments.Summaries;

/// <summary>A figure over repetitions, with the 95 % confidence interval of its mean by Student's t; the interval of what cannot be below zero ends there.</summary>
internal static class Estimates
{
    private const double Normal = 1.960;

    /// <summary>The two-sided 95 % quantiles of Student's t distribution for 1 to 30 degrees of freedom.</summary>
    private static readonly double[] StudentT =
    [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
        2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ];

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
            half = Quantile(sorted.Length - 1) * deviation / Math.Sqrt(sorted.Length);
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

    private static double Quantile(int degrees) => degrees <= StudentT.Length ? StudentT[degrees - 1] : Normal;
}
