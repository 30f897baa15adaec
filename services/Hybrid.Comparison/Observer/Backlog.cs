using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Observer;

/// <summary>What was due and not yet searchable over a run, seen from outside. Canaries of late objects are left out: they are not overdue but not there.</summary>
/// <param name="sightings">What was seen.</param>
/// <param name="unseen">What was not.</param>
/// <param name="firstDue">When the first partition was due, wall time.</param>
internal sealed class Backlog(IReadOnlyList<Sighting> sightings, IReadOnlyList<Watched> unseen, DateTimeOffset firstDue)
{
    private const double TwoSidedBound = 2;

    private readonly (double Due, double Seen, double Weight)[] _canaries =
    [
        .. sightings.Where(sighting => !sighting.OfLateObject)
            .Select(sighting => ((sighting.Due - firstDue).TotalSeconds, (sighting.SeenAt - firstDue).TotalSeconds, sighting.Weight)),
        .. unseen.Where(canary => canary.From <= canary.Due)
            .Select(canary => ((canary.Due - firstDue).TotalSeconds, double.PositiveInfinity, canary.Canary.Weight)),
    ];

    /// <summary>Records due and not searchable at a time.</summary>
    /// <param name="at">Seconds since the first due time.</param>
    public double At(double at) => _canaries.Where(canary => canary.Due < at && canary.Seen > at).Sum(canary => canary.Weight);

    /// <summary>The age of the oldest canary that is due and not seen, over the run.</summary>
    /// <param name="until">The run's end, seconds since the first due time.</param>
    /// <param name="points">How many points.</param>
    public IReadOnlyList<CurvePoint> Staleness(double until, int points = 200) => until <= 0 || _canaries.Length == 0
        ? []
        : [.. Enumerable.Range(0, points + 1).Select(point => until * point / points).Select(at => new CurvePoint(
            Math.Round(at, 3),
            Math.Round(_canaries.Where(canary => canary.Due <= at && canary.Seen > at).Select(canary => at - canary.Due).DefaultIfEmpty(0).Max(), 3)))];

    /// <summary>Canaries that were seen more than a margin after one of a later partition was.</summary>
    /// <param name="margin">Seconds: the observer's own uncertainty.</param>
    public long OutOfOrder(double margin)
    {
        var count = 0L;
        var later = double.PositiveInfinity;
        foreach (var partition in _canaries.GroupBy(canary => canary.Due).OrderByDescending(group => group.Key))
        {
            count += partition.Count(canary => canary.Seen > later + margin);
            later = Math.Min(later, partition.Min(canary => canary.Seen));
        }

        return count;
    }

    /// <summary>
    /// The trend of the backlog, by least squares over its values just before each due time, where a lane that keeps up has the same left
    /// every time.
    /// </summary>
    /// <param name="from">From when on, seconds since the first due time.</param>
    /// <returns>Records a second by which it grows, and the least that this may be by its own standard error; null with fewer than four partitions.</returns>
    public (double Slope, double Least)? Trend(double from)
    {
        var points = _canaries.Select(canary => canary.Due).Where(due => due >= from).Distinct().Order().Select(due => (X: due, Y: At(due))).ToArray();
        if (points.Length < 4)
        {
            return null;
        }

        var x = points.Average(point => point.X);
        var y = points.Average(point => point.Y);
        var spread = points.Sum(point => (point.X - x) * (point.X - x));
        var slope = points.Sum(point => (point.X - x) * (point.Y - y)) / spread;
        var residual = points.Sum(point => Math.Pow(point.Y - y - (slope * (point.X - x)), 2));
        var error = Math.Sqrt(residual / (points.Length - 2) / spread);
        return (slope, slope - (TwoSidedBound * error));
    }
}
