using Hybrid.Contracts.Measurement;
using Hybrid.Pipeline.Measurement;

namespace Hybrid.Comparison.Processes;

/// <summary>The samples that came between two snapshots of one histogram.</summary>
internal static class HistogramDifference
{
    /// <summary>Takes the earlier snapshot's samples out of the later one's. The greatest is known to its bucket, 3.2 %.</summary>
    public static HistogramSnapshot Of(HistogramSnapshot later, HistogramSnapshot earlier)
    {
        var buckets = new SortedDictionary<int, long>();
        foreach (var (bucket, count) in later.Buckets)
        {
            var left = count - earlier.Buckets.GetValueOrDefault(bucket);
            if (left > 0)
            {
                buckets[bucket] = left;
            }
        }

        var snapshot = new HistogramSnapshot
        {
            Count = buckets.Values.Sum(),
            Negative = Math.Max(0, later.Negative - earlier.Negative),
            SumSeconds = Math.Max(0, later.SumSeconds - earlier.SumSeconds),
            MaxSeconds = later.MaxSeconds,
            Buckets = buckets,
        };
        return snapshot with { MaxSeconds = LatencyHistogram.From(snapshot).Percentile(1) ?? 0 };
    }
}
