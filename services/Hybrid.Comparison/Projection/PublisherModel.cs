using Hybrid.Comparison.Evidence;

namespace Hybrid.Comparison.Projection;

/// <summary>A publisher calibrated from the runs of a lane. Its processor time is a cost for each record and each second that it runs.</summary>
internal sealed class PublisherModel
{
    private const double Million = 1e6;

    /// <summary>A second costs no more than most of a core, which leaves some for records.</summary>
    private static readonly Bound[] s_core = [new(0, 0, double.MaxValue), new(0, 0, 0.9)];

    private readonly double _record;
    private readonly double _second;

    private PublisherModel(double record, double second, double highest)
    {
        (_record, _second) = (record, second);
        Capacity = Math.Max(highest, record > 0 ? Million * (1 - second) / record : 0);
    }

    /// <summary>Records per second that one publisher's processor time allows on one core, or that it was seen to publish if that is more.</summary>
    public double Capacity { get; }

    /// <summary>Learns from runs; null when none has its processor time.</summary>
    public static PublisherModel? Calibrate(IReadOnlyList<Observation> runs)
    {
        var priced = runs.Where(run => run.Used.PublisherCoreSecondsPerMillion is > 0).ToArray();
        if (priced.Length == 0)
        {
            return null;
        }

        var core = BoundedFit.Solve(
            [.. priced.Select(run => new[] { 1, Million / run.RecordsPerSecond })], [.. priced.Select(run => run.Used.PublisherCoreSecondsPerMillion!.Value)], s_core);
        return new PublisherModel(core[0], core[1], priced.Max(run => run.RecordsPerSecond));
    }

    /// <summary>Core-seconds per million records.</summary>
    /// <param name="recordsPerSecond">What one publisher has to do.</param>
    public double CoreSecondsPerMillion(double recordsPerSecond) => _record + (_second * Million / recordsPerSecond);
}
