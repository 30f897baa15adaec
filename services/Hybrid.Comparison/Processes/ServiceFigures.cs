using Hybrid.Comparison.Observer;
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
    public IEnumerable<KeyValuePair<string, Distribution>> Stages()
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

            if (merged.Count > 0)
            {
                yield return KeyValuePair.Create(name, new Distribution
                {
                    P50 = merged.Percentile(0.50)!.Value,
                    P95 = merged.Percentile(0.95)!.Value,
                    P99 = merged.Percentile(0.99)!.Value,
                    Max = merged.MaxSeconds,
                    Samples = merged.Count,
                    Negative = merged.Negative,
                });
            }
        }
    }
}
