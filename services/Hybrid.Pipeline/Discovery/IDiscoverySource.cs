using Hybrid.Contracts.Partitions;

namespace Hybrid.Pipeline.Discovery;

/// <summary>Finds the objects of partitions. Listings of the object store are the one that is always there; others make it look sooner.</summary>
internal interface IDiscoverySource
{
    /// <summary>Looks at partitions.</summary>
    /// <param name="window">Which, in the order of time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What they hold, of the whole window or of its first part.</returns>
    Task<Listing> ListAsync(IReadOnlyList<PartitionId> window, CancellationToken cancellationToken);

    /// <summary>Finds the earliest partition that has an object; null when none has.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    Task<PartitionId?> FindEarliestAsync(CancellationToken cancellationToken);

    /// <summary>Waits until it is time to look again: at the latest after the time given, sooner when the source knows of something new.</summary>
    /// <param name="atMost">How long, wall time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken);
}
