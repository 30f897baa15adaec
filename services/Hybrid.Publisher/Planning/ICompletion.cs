using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Publisher.Planning;

/// <summary>Tells when a partition is done, so that it can be published whole.</summary>
internal interface ICompletion
{
    /// <summary>When a partition can be done at the earliest, wall time.</summary>
    DateTimeOffset DueAt(PartitionId partition);

    /// <summary>Whether a partition is done.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="listed">Its objects in the newest listing.</param>
    /// <param name="wallNow">When the listing began.</param>
    bool IsComplete(PartitionId partition, IReadOnlyList<ObjectEntry> listed, DateTimeOffset wallNow);
}
