using System.Diagnostics;
using Hybrid.Comparison.Experiments.Plans;

namespace Hybrid.Comparison.Experiments.Running;

/// <summary>
/// Divides the time among the experiments by what each means to do, after the one that comes first has what it needs; what one leaves goes to
/// those after it. A run begins only if it will probably end in time, by what the runs so far took.
/// </summary>
/// <param name="total">The time for all; null for no end.</param>
/// <param name="overhead">What a run probably takes beside its replay.</param>
internal sealed class TimeBudget(TimeSpan? total, TimeSpan overhead)
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private TimeSpan _until = total ?? TimeSpan.MaxValue;
    private int _runs;

    /// <summary>The time for all; null for no end.</summary>
    public TimeSpan? Total => total;

    /// <summary>What a run takes beside its replay, by what the runs so far took.</summary>
    public TimeSpan Overhead { get; private set; } = overhead;

    /// <summary>The time since the experiments began.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <summary>How long a run takes, its start and its judgement too.</summary>
    /// <param name="replay">From its first due time to its last.</param>
    public TimeSpan Estimate(TimeSpan replay) => replay + Overhead;

    /// <summary>Begins an experiment: it may use as much of the time that is left as its share of the work that is left, or all of it if it comes first.</summary>
    /// <param name="ahead">The work that is left, that of the experiment first.</param>
    public void Begin(IReadOnlyList<PlannedWork> ahead)
    {
        if (total is { } all)
        {
            var elapsed = Elapsed;
            var work = ahead.Sum(one => one.Takes(Overhead).TotalSeconds);
            var share = ahead[0].ComesFirst || work == 0 ? 1 : ahead[0].Takes(Overhead).TotalSeconds / work;
            _until = elapsed + (Max(TimeSpan.Zero, all - elapsed) * share);
        }
    }

    /// <summary>Learns from a run.</summary>
    /// <param name="replay">From its first due time to its last.</param>
    /// <param name="took">How long it took in all.</param>
    public void Took(TimeSpan replay, TimeSpan took)
    {
        _runs++;
        Overhead += (Max(TimeSpan.Zero, took - replay) - Overhead) / Math.Min(_runs, 8);
    }

    /// <summary>Whether a run may begin.</summary>
    /// <param name="replay">From its first due time to its last.</param>
    public bool Allows(TimeSpan replay) => total is null || Elapsed + Estimate(replay) <= _until;

    /// <summary>How long it will take until all is done, at most until the time is over.</summary>
    /// <param name="planned">What the runs that are planned take.</param>
    public TimeSpan Remaining(TimeSpan planned) => total is { } all && planned > all - Elapsed ? Max(TimeSpan.Zero, all - Elapsed) : planned;

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
