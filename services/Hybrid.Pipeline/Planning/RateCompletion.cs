using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Discovery;

namespace Hybrid.Pipeline.Planning;

/// <summary>By the clock: a partition is done once the settle delay has passed after its end, whatever it holds. It cannot stall.</summary>
internal sealed class RateCompletion(EventClock clock, TimeSpan settleDelay) : ICompletion
{
    public DateTimeOffset DueAt(PartitionId partition) => clock.ToWall(partition.End) + settleDelay;

    public bool IsComplete(PartitionId partition, ListedPartition listed, ListingHistory history) => true;
}
