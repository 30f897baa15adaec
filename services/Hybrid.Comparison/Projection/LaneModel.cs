using Hybrid.Comparison.Cost;
using Hybrid.Comparison.Evidence;

namespace Hybrid.Comparison.Projection;

/// <summary>
/// A lane calibrated from its measured runs. Freshness is a constant, a share of the waits that were set, and a share of the time in which a
/// partition drains. Processor time is a cost for each record, each request and each second that the lane runs: batches share the second
/// among their records, and a high rate the third.
/// </summary>
internal sealed class LaneModel
{
    private const double Million = 1e6;
    private const int DocumentsPerRequest = 500;
    private const int ServiceRatesTried = 9;

    /// <summary>Fits that are off by so little more than the best, as a share of what was seen, are as good: the one that promises least is taken.</summary>
    private const double SameFit = 0.01;

    /// <summary>A constant, the waits, the drain. The last record of a partition waits for a whole drain of it at least, and for two when publisher and lane drain one after the other.</summary>
    private static readonly Bound[] s_p99 = [new(0, 0, double.MaxValue), new(1, 0.1, 1.25), new(1, 1, 2)];

    /// <summary>The median record waits for half of it.</summary>
    private static readonly Bound[] s_p50 = [new(0, 0, double.MaxValue), new(0.5, 0.1, 1.25), new(0.5, 0.5, 1)];

    /// <summary>A record, a request, a second.</summary>
    private static readonly Bound[] s_core = [new(0, 0, double.MaxValue), new(0, 0, double.MaxValue), new(0, 0, double.MaxValue)];

    private readonly double[] _p50;
    private readonly double[] _p99;
    private readonly double[] _core;
    private readonly double _requestsPerPartition;

    private LaneModel(double[] p50, double[] p99, double[] core, double requestsPerPartition, double capacity, double serviceRate)
    {
        (_p50, _p99, _core, _requestsPerPartition, Capacity, ServiceRate) = (p50, p99, core, requestsPerPartition, capacity, serviceRate);
    }

    /// <summary>Records per second that one instance was seen to take.</summary>
    public double Capacity { get; }

    /// <summary>Records per second at which one instance drains what is queued, its capacity at least.</summary>
    public double ServiceRate { get; }

    /// <summary>Learns from runs; null when none of them has both freshness and processor time.</summary>
    /// <param name="runs">Runs of one lane.</param>
    /// <param name="capacity">
    /// What one instance was seen to take. Where that was no limit, the lane drains at the lowest rate that fits its runs as well as any, between that and what its
    /// processor time allows on one core: a queue at the highest rate that was tried is then not taken for one at the limit.
    /// </param>
    public static LaneModel? Calibrate(IReadOnlyList<Observation> runs, SustainedRate capacity)
    {
        var fresh = runs.Where(run => run.FreshnessP50 is { Value: > 0 } && run.FreshnessP99 is { Value: > 0 }).ToArray();
        var priced = runs.Where(run => run.Used.CoreSecondsPerMillion is { Value: > 0 }).ToArray();
        if (fresh.Length == 0 || priced.Length == 0)
        {
            return null;
        }

        double[][] costs = [.. priced.Select(run => Cost(RequestsPerMillion(run), SecondsPerMillion(run.RecordsPerSecond)))];
        var core = BoundedFit.Solve(costs, [.. priced.Select(run => run.Used.CoreSecondsPerMillion!.Value.Value)], s_core);
        double[] seen = [.. fresh.Select(run => run.FreshnessP99!.Value.Value)];
        var busiest = Dot(core, Cost(priced.Min(RequestsPerMillion), secondsPerMillion: 0));
        var fits = ServiceRates(capacity, busiest).Select(rate => Fit(fresh, seen, rate)).ToArray();
        var (serviceRate, rows, p99, _) = fits.First(fit => fit.Misfit <= fits.Min(other => other.Misfit) + SameFit);
        return new LaneModel(
            BoundedFit.Solve(rows, [.. fresh.Select(run => run.FreshnessP50!.Value.Value)], s_p50),
            p99,
            core,
            Math.Max(1, priced.Average(run => (run.Used.SolrRequestsPerPartition ?? 1) - FullRequests(run.Records / run.Partitions, run.Used.SolrDocumentsPerRecord))),
            capacity.RecordsPerSecond,
            serviceRate);
    }

    /// <summary>What a record waits on purpose at most. A scheduled lane waits for its schedule, and has no batch interval.</summary>
    public static double WaitOf(Observation run) => LaneTraits.Of(run.Lane).IsScheduled
        ? run.ScheduleSecondsOfRun + (run.VisibilitySeconds ?? 0)
        : (HasInterval(run.Lane) ? run.IntervalSeconds ?? 0 : 0) + (run.VisibilitySeconds ?? 0);

    /// <summary>A run that was measured, as this model sees it.</summary>
    public Operation OperationOf(Observation run) => OperationOf(run, ServiceRate);

    /// <summary>The median freshness, seconds.</summary>
    public double FreshnessP50(Operation operation) => Dot(_p50, Freshness(operation));

    /// <summary>The 99th percentile of freshness, seconds.</summary>
    public double FreshnessP99(Operation operation) => Math.Max(Dot(_p99, Freshness(operation)), FreshnessP50(operation));

    /// <summary>Core-seconds per million records.</summary>
    public double CoreSecondsPerMillion(Operation operation, double documentsPerRecord) => Dot(_core, Cost(
        (_requestsPerPartition + FullRequests(operation.RecordsPerPartition, documentsPerRecord)) / operation.RecordsPerPartition * Million,
        SecondsPerMillion(operation.RecordsPerSecond)));

    /// <summary>What the model says of a run that was measured.</summary>
    public double CoreSecondsPerMillion(Observation run) => Dot(_core, Cost(RequestsPerMillion(run), SecondsPerMillion(run.RecordsPerSecond)));

    private static bool HasInterval(string lane) => lane is Contracts.Lanes.LaneNames.MicroBatch or Contracts.Lanes.LaneNames.Direct;

    private static double[] Freshness(Operation operation) => [1, operation.WaitSeconds, operation.DrainSeconds];

    private static double[] Cost(double requestsPerMillion, double secondsPerMillion) => [1, requestsPerMillion, secondsPerMillion];

    private static double SecondsPerMillion(double recordsPerSecond) => Million / recordsPerSecond;

    private static Operation OperationOf(Observation run, double serviceRate) => new(run.Records / run.Partitions, run.RecordsPerSecond, WaitOf(run), serviceRate);

    /// <summary>The rates to try, the one that was seen first.</summary>
    private static IEnumerable<double> ServiceRates(SustainedRate capacity, double coreSecondsPerMillion)
    {
        var span = capacity.IsLimit || coreSecondsPerMillion <= 0 ? 1 : Math.Max(1, Million / coreSecondsPerMillion / capacity.RecordsPerSecond);
        return span == 1
            ? [capacity.RecordsPerSecond]
            : Enumerable.Range(0, ServiceRatesTried).Select(step => capacity.RecordsPerSecond * Math.Pow(span, step / (ServiceRatesTried - 1.0)));
    }

    /// <summary>The fit at one rate, and by how much it is off as a rule (root mean square of the relative error).</summary>
    private static (double Rate, double[][] Rows, double[] P99, double Misfit) Fit(Observation[] runs, double[] seen, double rate)
    {
        double[][] rows = [.. runs.Select(run => Freshness(OperationOf(run, rate)))];
        var p99 = BoundedFit.Solve(rows, seen, s_p99);
        return (rate, rows, p99, Math.Sqrt(rows.Zip(seen, (row, value) => Math.Pow((Dot(p99, row) / value) - 1, 2)).Average()));
    }

    private static double RequestsPerMillion(Observation run) => (run.Used.SolrRequestsPerPartition ?? 0) * run.Partitions / run.Records * Million;

    private static double FullRequests(double recordsPerPartition, double? documentsPerRecord) => recordsPerPartition * (documentsPerRecord ?? 1) / DocumentsPerRequest;

    private static double Dot(double[] coefficients, double[] regressors) => coefficients.Zip(regressors, (coefficient, regressor) => coefficient * regressor).Sum();
}
