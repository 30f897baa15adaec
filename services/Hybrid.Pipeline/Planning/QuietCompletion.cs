using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Discovery;

namespace Hybrid.Pipeline.Planning;

/// <summary>
/// By stillness: a partition is done once its end has passed and its objects were the same in so many listings in a row. It needs no marker
/// and no guess of a delay, and is as late as those listings take; a writer that pauses for longer is taken to be done.
/// </summary>
internal sealed class QuietCompletion(EventClock clock, int listings) : ICompletion
{
    public DateTimeOffset DueAt(PartitionId partition) => clock.ToWall(partition.End);

    public bool IsComplete(PartitionId partition, ListedPartition listed, ListingHistory history) => history.Unchanged(partition) >= listings;
}
