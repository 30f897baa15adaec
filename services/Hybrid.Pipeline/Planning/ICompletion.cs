using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Discovery;

namespace Hybrid.Pipeline.Planning;

/// <summary>Tells when a partition is done, so that it can be published whole.</summary>
internal interface ICompletion
{
    /// <summary>When a partition can be done at the earliest, wall time.</summary>
    DateTimeOffset DueAt(PartitionId partition);

    /// <summary>Whether a partition that is due is done.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="listed">What the newest listing shows of it.</param>
    /// <param name="history">How it looked before, the newest listing included.</param>
    bool IsComplete(PartitionId partition, ListedPartition listed, ListingHistory history);
}
