using Hybrid.Comparison.Experiments.Plans;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Experiments.Running;

/// <summary>The search for one lane's sustainable rate, one trial at a time, so that the lanes take turns and none uses up the time.</summary>
/// <param name="lane">The lane.</param>
/// <param name="repetition">Which repetition, from 1.</param>
/// <param name="settings">The settings.</param>
internal sealed class LaneSearch(string lane, int repetition, ExperimentSettings settings)
{
    private const double LeastOffered = 0.9;

    private readonly RateSearcher _searcher = new(settings.LoadFrom, settings.LoadTo, settings.LoadRefinements);
    private readonly List<RunMeasurement> _runs = [];
    private bool _ended;

    /// <summary>The trials so far.</summary>
    public IReadOnlyList<RunMeasurement> Runs => _runs;

    /// <summary>What was found so far.</summary>
    public RateSearch Result => new()
    {
        Lane = lane,
        Repetition = repetition,
        SustainedRecordsPerSecond = _searcher.Sustained,
        RefusedRecordsPerSecond = _searcher.Refused,
        Runs = [.. _runs.Select(run => run.Run.Id)],
    };

    /// <summary>Makes the next trial. A run that does not count ends the search: what comes after it would rest on it.</summary>
    /// <returns>False when the search is over, or the time is.</returns>
    public async Task<bool> StepAsync(ExperimentSession session, CancellationToken cancellationToken)
    {
        if (_ended || _searcher.Next() is not { } rate)
        {
            return false;
        }

        var point = RunPoints.OfRate(lane, rate);
        if (!await session.AllowsAsync(point, cancellationToken).ConfigureAwait(false))
        {
            _ended = true;
            return false;
        }

        var run = await session.RunAsync(ExperimentKinds.Load, point, repetition, cancellationToken).ConfigureAwait(false);
        _runs.Add(run);
        _ended = run.Run.Discarded is not null;
        if (!_ended)
        {
            // The user's own partitions can be replayed only so fast: what was offered counts, and nothing faster can be.
            var isLess = run.Run.OfferedRecordsPerSecond is { } offered && offered < LeastOffered * rate;
            _searcher.Tried(isLess ? run.Run.OfferedRecordsPerSecond!.Value : rate, run.Run.Sustained == true);
            _ended = isLess;
        }

        return true;
    }
}
