using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Experiments.Plans;

/// <summary>The runs that one experiment means to make.</summary>
/// <param name="Kind">The experiment.</param>
/// <param name="Points">Its points.</param>
/// <param name="Repetitions">How often each is run.</param>
/// <param name="Replay">How long one run replays and is measured at rest: what it takes beside its start and its judgement.</param>
internal sealed record PlannedWork(string Kind, int Points, int Repetitions, TimeSpan Replay)
{
    /// <summary>Runs in all.</summary>
    public int Runs => Points * Repetitions;

    /// <summary>Whether it is the one that the others stand beside: it is made whole, and they share what is left.</summary>
    public bool ComesFirst => Kind == ExperimentKinds.Freshness;

    /// <summary>How long they take.</summary>
    /// <param name="overhead">What a run takes beside its replay.</param>
    public TimeSpan Takes(TimeSpan overhead) => (Replay + overhead) * Runs;

    /// <summary>
    /// Lowers the repetitions, those of the most repeated experiments first and none of what comes first, until all of it fits. Never below what a
    /// conclusion needs: what does not fit then is for the budget to leave out.
    /// </summary>
    /// <param name="planned">What was meant.</param>
    /// <param name="available">The time for all; null for no end.</param>
    /// <param name="overhead">What a run takes beside its replay.</param>
    /// <param name="least">The repetitions that a conclusion needs.</param>
    public static IReadOnlyList<PlannedWork> Fit(IReadOnlyList<PlannedWork> planned, TimeSpan? available, TimeSpan overhead, int least)
    {
        PlannedWork[] fitted = [.. planned];
        while (available is { } time && fitted.Aggregate(TimeSpan.Zero, (sum, work) => sum + work.Takes(overhead)) > time)
        {
            var most = fitted.Where(work => !work.ComesFirst).Select(work => work.Repetitions).DefaultIfEmpty().Max();
            if (most <= least)
            {
                break;
            }

            fitted = [.. fitted.Select(work => work.Repetitions == most && !work.ComesFirst ? work with { Repetitions = most - 1 } : work)];
        }

        return fitted;
    }
}
