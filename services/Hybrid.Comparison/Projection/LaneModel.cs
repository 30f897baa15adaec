using Hybrid.Comparison.Cost;
using Hybrid.Comparison.Evidence;

namespace Hybrid.Comparison.Projection;

/// <summary>
/// A lane calibrated from its measured runs. Freshness is a constant, a share of the waits that were set, and a share of the time in which a
/// partition drains. Processor time per record is a constant and a cost for each request, which batches share among their records.
/// </summary>
internal sealed class LaneModel
{
    private const double Million = 1e6;
    private const int DocumentsPerRequest = 500;

    /// <summary>A constant, the waits, the drain. The last record of a partition waits for a whole drain of it at least, and for two when publisher and lane drain one after the other.</summary>
    private static readonly Bound[] s_p99 = [new(0, 0, double.MaxValue), new(1, 0.1, 1.25), new(1, 1, 2)];

    /// <summary>The median record waits for half of it.</summary>
    private static readonly Bound[] s_p50 = [new(0, 0, double.MaxValue), new(0.5, 0.1, 1.25), new(0.5, 0.5, 1)];

    /// <summary>A record, a request.</summary>
    private static readonly Bound[] s_core = [new(0, 0, double.MaxValue), new(0, 0, double.MaxValue)];

    private readonly double[] _p50;
    private readonly double[] _p99;
    private readonly double[] _core;
    private readonly double _requestsPerPartition;

    private LaneModel(double[] p50, double[] p99, double[] core, double requestsPerPartition, double capacity)
    {
        (_p50, _p99, _core, _requestsPerPartition, Capacity) = (p50, p99, core, requestsPerPartition, capacity);
    }

    /// <summary>Records per second of one instance.</summary>
    public double Capacity { get; }

    /// <summary>Learns from runs; null when none of them has both freshness and processor time.</summary>
    /// <param name="runs">Runs of one lane.</param>
    /// <param name="capacity">Records per second of one instance.</param>
    public static LaneModel? Calibrate(IReadOnlyList<Observation> runs, double capacity)
    {
        var fresh = runs.Where(run => run.FreshnessP50 is { Value: > 0 } && run.FreshnessP99 is { Value: > 0 }).ToArray();
        var priced = runs.Where(run => run.Used.CoreSecondsPerMillion is { Value: > 0 }).ToArray();
        if (fresh.Length == 0 || priced.Length == 0)
        {
            return null;
        }

        double[][] rows = [.. fresh.Select(run => Freshness(OperationOf(run, capacity)))];
        double[][] costs = [.. priced.Select(run => Cost(RequestsPerMillion(run)))];
        return new LaneModel(
            BoundedFit.Solve(rows, [.. fresh.Select(run => run.FreshnessP50!.Value.Value)], s_p50),
            BoundedFit.Solve(rows, [.. fresh.Select(run => run.FreshnessP99!.Value.Value)], s_p99),
            BoundedFit.Solve(costs, [.. priced.Select(run => run.Used.CoreSecondsPerMillion!.Value.Value)], s_core),
            Math.Max(1, priced.Average(run => (run.Used.SolrRequestsPerPartition ?? 1) - FullRequests(run.Records / run.Partitions, run.Used.SolrDocumentsPerRecord))),
            capacity);
    }

    public static Operation OperationOf(Observation run, double capacity) => new(run.Records / run.Partitions, run.RecordsPerSecond, WaitOf(run), capacity);

    /// <summary>What a record waits on purpose at most. A scheduled lane waits for its schedule, and has no batch interval.</summary>
    public static double WaitOf(Observation run) => LaneTraits.Of(run.Lane).IsScheduled
        ? run.ScheduleSecondsOfRun + (run.VisibilitySeconds ?? 0)
        : (HasInterval(run.Lane) ? run.IntervalSeconds ?? 0 : 0) + (run.VisibilitySeconds ?? 0);

    /// <summary>The median freshness, seconds.</summary>
    public double FreshnessP50(Operation operation) => Dot(_p50, Freshness(operation));

    /// <summary>The 99th percentile of freshness, seconds.</summary>
    public double FreshnessP99(Operation operation) => Math.Max(Dot(_p99, Freshness(operation)), FreshnessP50(operation));

    /// <summary>Core-seconds per million records.</summary>
    public double CoreSecondsPerMillion(double recordsPerPartition, double documentsPerRecord) =>
        Dot(_core, Cost((_requestsPerPartition + FullRequests(recordsPerPartition, documentsPerRecord)) / recordsPerPartition * Million));

    /// <summary>What the model says of a run that was measured.</summary>
    public double CoreSecondsPerMillion(Observation run) => Dot(_core, Cost(RequestsPerMillion(run)));

    private static bool HasInterval(string lane) => lane is Contracts.Lanes.LaneNames.MicroBatch or Contracts.Lanes.LaneNames.Direct;

    private static double[] Freshness(Operation operation) => [1, operation.WaitSeconds, operation.DrainSeconds];

    private static double[] Cost(double requestsPerMillion) => [1, requestsPerMillion];

    private static double RequestsPerMillion(Observation run) => (run.Used.SolrRequestsPerPartition ?? 0) * run.Partitions / run.Records * Million;

    private static double FullRequests(double recordsPerPartition, double? documentsPerRecord) => recordsPerPartition * (documentsPerRecord ?? 1) / DocumentsPerRequest;

    private static double Dot(double[] coefficients, double[] regressors) => coefficients.Zip(regressors, (coefficient, regressor) => coefficient * regressor).Sum();
}
