using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Discovery;

namespace Hybrid.Pipeline.Planning;

/// <summary>
/// By the writer's word: a partition is done once its end has passed and its marker is listed. Nothing is late that the marker covers, but a
/// marker that is never written, or that a listing hides, holds up everything behind it.
/// </summary>
internal sealed class MarkerCompletion(EventClock clock) : ICompletion
{
    public DateTimeOffset DueAt(PartitionId partition) => clock.ToWall(partition.End);

    public bool IsComplete(PartitionId partition, ListedPartition listed, ListingHistory history) => listed.IsMarked;
}
