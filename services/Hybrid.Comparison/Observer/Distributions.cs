using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Observer;

/// <summary>Percentiles and curves of samples.</summary>
internal static class Distributions
{
    /// <summary>The percentiles of samples (nearest rank); null when there is none at or above zero.</summary>
    public static Distribution? Of(IEnumerable<double> samples)
    {
        var all = samples.ToList();
        var sorted = all.Where(sample => sample >= 0).Order().ToArray();
        return sorted.Length == 0
            ? null
            : new Distribution
            {
                P50 = At(sorted, 0.50),
                P95 = At(sorted, 0.95),
                P99 = At(sorted, 0.99),
                Max = sorted[^1],
                Samples = sorted.Length,
                Negative = all.Count - sorted.Length,
            };
    }

    /// <summary>The median of samples that stand for several records each; null when there is none.</summary>
    public static double? WeightedMedian(IEnumerable<(double Sample, double Weight)> samples)
    {
        var sorted = samples.OrderBy(sample => sample.Sample).ToArray();
        var half = sorted.Sum(sample => sample.Weight) / 2;
        var sum = 0.0;
        foreach (var (sample, weight) in sorted)
        {
            sum += weight;
            if (sum >= half)
            {
                return sample;
            }
        }

        return null;
    }

    /// <summary>The distribution function of samples: rising in both axes, the last point at share 1.</summary>
    /// <param name="samples">The samples; those below zero are left out.</param>
    /// <param name="points">Points at most, from 2.</param>
    public static IReadOnlyList<CurvePoint> Curve(IEnumerable<double> samples, int points = 100)
    {
        var sorted = samples.Where(sample => sample >= 0).Order().ToArray();
        if (sorted.Length <= points)
        {
            return [.. sorted.Select((sample, index) => new CurvePoint(sample, (index + 1.0) / sorted.Length))];
        }

        return [.. Enumerable.Range(0, points)
            .Select(point => (int)((long)point * (sorted.Length - 1) / (points - 1)))
            .Select(index => new CurvePoint(sorted[index], (index + 1.0) / sorted.Length))];
    }

    /// <summary>Thins a timeline to so many points: of the points that fall together the highest is kept.</summary>
    public static IReadOnlyList<CurvePoint> Thin(IReadOnlyList<CurvePoint> timeline, int points = 300)
    {
        if (timeline.Count <= points)
        {
            return timeline;
        }

        var size = (timeline.Count + points - 1) / points;
        return [.. timeline.Chunk(size).Select(chunk => chunk.MaxBy(point => point.Y)!)];
    }

    private static double At(double[] sorted, double share) =>
        sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
}
