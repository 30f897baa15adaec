using System.Diagnostics;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Experiments.Running;

/// <summary>
/// Divides the time among the experiments by weight; what one leaves goes to the next. A run begins only if it will probably end in time,
/// by what the runs so far took.
/// </summary>
/// <param name="total">The time for all; null for no end.</param>
/// <param name="kinds">The experiments, in the order they run.</param>
internal sealed class TimeBudget(TimeSpan? total, IReadOnlyList<string> kinds)
{
    private static readonly TimeSpan FirstGuess = TimeSpan.FromSeconds(7);

    private readonly long _started = Stopwatch.GetTimestamp();
    private TimeSpan _overhead = FirstGuess;
    private int _runs;

    /// <summary>The time since the experiments began.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <summary>How long a run takes, its start and its judgement too.</summary>
    /// <param name="replay">From its first due time to its last.</param>
    public TimeSpan Estimate(TimeSpan replay) => replay + _overhead;

    /// <summary>Learns from a run.</summary>
    /// <param name="replay">From its first due time to its last.</param>
    /// <param name="took">How long it took in all.</param>
    public void Took(TimeSpan replay, TimeSpan took)
    {
        _runs++;
        _overhead += (Max(TimeSpan.Zero, took - replay) - _overhead) / Math.Min(_runs, 8);
    }

    /// <summary>Whether a run may begin.</summary>
    /// <param name="kind">The experiment it belongs to.</param>
    /// <param name="replay">From its first due time to its last.</param>
    public bool Allows(string kind, TimeSpan replay) => total is null || Elapsed + Estimate(replay) <= Until(kind);

    /// <summary>How long it will take until all is done, at most until the time is over.</summary>
    /// <param name="planned">What the runs that are planned take.</param>
    public TimeSpan Remaining(TimeSpan planned) => total is { } all && planned > all - Elapsed ? Max(TimeSpan.Zero, all - Elapsed) : planned;

    private TimeSpan Until(string kind)
    {
        var weights = kinds.Sum(Weight);
        var share = kinds.TakeWhile(one => one != kind).Append(kind).Sum(Weight) / weights;
        return total!.Value * share;
    }

    private static double Weight(string kind) => kind switch
    {
        ExperimentKinds.Faults => 4,
        ExperimentKinds.Frontier or ExperimentKinds.Restart => 3,
        ExperimentKinds.Load => 2.5,
        _ => 1.5,
    };

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
