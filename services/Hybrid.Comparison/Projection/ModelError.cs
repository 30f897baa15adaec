using Hybrid.Comparison.Evidence;

namespace Hybrid.Comparison.Projection;

/// <summary>How far off the model is on runs it did not see, as factors: 1.2 is a fifth too high or too low.</summary>
/// <param name="Runs">Runs that were left out, one at a time.</param>
/// <param name="FreshnessP99">The typical error of p99 freshness (median).</param>
/// <param name="WorstFreshnessP99">The worst.</param>
/// <param name="CoreSeconds">The typical error of core-seconds per million records (median).</param>
/// <param name="WorstCoreSeconds">The worst.</param>
internal sealed record ModelError(int Runs, double FreshnessP99, double WorstFreshnessP99, double CoreSeconds, double WorstCoreSeconds)
{
    private const int LeastRuns = 3;

    /// <summary>Leaves each run out in turn and predicts it from the others; null with fewer than three.</summary>
    public static ModelError? LeaveOneOut(IReadOnlyList<Observation> runs, SustainedRate capacity)
    {
        var usable = runs.Where(run => run.FreshnessP99 is { Value: > 0 } && run.FreshnessP50 is { Value: > 0 } && run.Used.CoreSecondsPerMillion is { Value: > 0 }).ToArray();
        if (usable.Length < LeastRuns)
        {
            return null;
        }

        var freshness = new List<double>();
        var cores = new List<double>();
        foreach (var left in usable)
        {
            var model = LaneModel.Calibrate([.. usable.Where(run => !ReferenceEquals(run, left))], capacity)!;
            freshness.Add(Factor(model.FreshnessP99(model.OperationOf(left)), left.FreshnessP99!.Value.Value));
            cores.Add(Factor(model.CoreSecondsPerMillion(left), left.Used.CoreSecondsPerMillion!.Value.Value));
        }

        return new ModelError(usable.Length, Median(freshness), freshness.Max(), Median(cores), cores.Max());
    }

    private static double Factor(double predicted, double measured) => predicted <= 0 ? double.PositiveInfinity : Math.Max(predicted / measured, measured / predicted);

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
