using Hybrid.Comparison.Observer;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Reports;
using Hybrid.Pipeline.Measurement;

namespace Hybrid.Comparison.Processes;

/// <summary>What all processes of one service used and measured in a run, taken together.</summary>
/// <param name="processes">The processes, all ended.</param>
internal sealed class ServiceFigures(IReadOnlyList<ProcessRecord> processes)
{
    /// <summary>The highest resident memory of any of them, bytes; null when none was seen.</summary>
    public long? PeakMemoryBytes => processes.Count == 0 ? null : processes.Max(process => process.PeakMemoryBytes);

    /// <summary>Processor time of all, core-seconds.</summary>
    public double CpuSeconds => processes.Sum(process => process.CpuSeconds);

    /// <summary>A counter over all; null when none of them has it.</summary>
    public long? Counter(string instrument)
    {
        long? sum = null;
        foreach (var process in processes)
        {
            if (process.Status is { } status && status.Counters.TryGetValue(instrument, out var count))
            {
                sum = (sum ?? 0) + count;
            }
        }

        return sum;
    }

    /// <summary>The stages that the service measured, by name.</summary>
    /// <param name="baseline">What it had said when the warm-up was over; null to count from the start.</param>
    public IEnumerable<KeyValuePair<string, Distribution>> Stages(ServiceStatus? baseline = null) =>
        Histograms(baseline).Select(stage => KeyValuePair.Create(stage.Key, Of(stage.Value)));

    /// <summary>The stages' samples, by name; those without any are left out.</summary>
    /// <param name="baseline">What it had said when the warm-up was over; null to count from the start.</param>
    public IEnumerable<KeyValuePair<string, LatencyHistogram>> Histograms(ServiceStatus? baseline = null)
    {
        foreach (var (name, instrument) in Stage.Measured)
        {
            var merged = new LatencyHistogram();
            foreach (var process in processes)
            {
                if (process.Status is { } status && status.Histograms.TryGetValue(instrument, out var snapshot))
                {
                    merged.Merge(snapshot);
                }
            }

            if (baseline is not null && baseline.Histograms.TryGetValue(instrument, out var before))
            {
                merged = LatencyHistogram.From(HistogramDifference.Of(merged.Snapshot(), before));
            }

            if (merged.Count > 0)
            {
                yield return KeyValuePair.Create(name, merged);
            }
        }
    }

    /// <summary>The percentiles of a histogram that has samples.</summary>
    public static Distribution Of(LatencyHistogram histogram) => new()
    {
        P50 = histogram.Percentile(0.50)!.Value,
        P95 = histogram.Percentile(0.95)!.Value,
        P99 = histogram.Percentile(0.99)!.Value,
        Max = histogram.MaxSeconds,
        Samples = histogram.Count,
        Negative = histogram.Negative,
    };
}
