using Hybrid.Comparison.Observer;
using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Experiments;

/// <summary>
/// What a restart did to freshness, from what the observer saw. The band is the 95th percentile of freshness before the first restart and a quarter more,
/// so that the few slow partitions of the start do not widen it; freshness is back once <see cref="SteadyPartitions"/> partitions in a
/// row, or all that were left, stayed within the band.
/// </summary>
internal static class RestartEffect
{
    /// <summary>How many partitions in a row must be in the band.</summary>
    public const int SteadyPartitions = 3;

    /// <summary>Completes a restart's report.</summary>
    /// <param name="restart">What is known of it.</param>
    /// <param name="steadyUntil">When the run's first restart came, wall time: the band is of what was seen before it.</param>
    /// <param name="signalled">When the signal was sent, wall time.</param>
    /// <param name="until">When the next restart came or the run ended, wall time.</param>
    /// <param name="sightings">All that the observer saw.</param>
    /// <param name="room">What the band allows on top: at least the observer's interval, seconds.</param>
    public static RestartReport Complete(
        RestartReport restart,
        DateTimeOffset steadyUntil,
        DateTimeOffset signalled,
        DateTimeOffset until,
        IReadOnlyList<Sighting> sightings,
        double room)
    {
        var before = sightings.Where(sighting => sighting.SeenAt < steadyUntil).ToArray();
        var after = sightings
            .Where(sighting => sighting.SeenAt >= signalled && sighting.Due < until)
            .GroupBy(sighting => sighting.Due)
            .OrderBy(group => group.Key)
            .Select(group => (Worst: group.Max(sighting => sighting.Freshness), SeenAt: group.Max(sighting => sighting.SeenAt)))
            .ToArray();
        if (before.Length == 0 || after.Length == 0)
        {
            return restart with { PeakStalenessSeconds = after.Length == 0 ? null : after.Max(partition => partition.Worst) };
        }

        var band = (Distributions.Of(before.Select(sighting => Math.Max(0, sighting.Freshness)))!.P95 * 1.25) + room;
        var steady = Enumerable.Range(0, after.Length)
            .Where(first => after.Skip(first).Take(SteadyPartitions).All(partition => partition.Worst <= band))
            .Select(first => (int?)first)
            .FirstOrDefault();
        double? catchUp = steady switch
        {
            null => null,
            0 => 0,
            { } first => (after.Take(first).Max(partition => partition.SeenAt) - signalled).TotalSeconds,
        };
        var through = steady switch
        {
            null => after,
            0 => after.Take(SteadyPartitions),
            { } first => after.Take(first),
        };
        return restart with { CatchUpSeconds = catchUp, PeakStalenessSeconds = through.Max(partition => partition.Worst) };
    }
}
