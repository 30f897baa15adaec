using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Publisher.Planning;

/// <summary>By the clock: a partition is done once the settle delay has passed after its end, whatever it holds. It cannot stall.</summary>
internal sealed class RateCompletion(EventClock clock, TimeSpan settleDelay) : ICompletion
{
    public DateTimeOffset DueAt(PartitionId partition) => clock.ToWall(partition.End) + settleDelay;

    public bool IsComplete(PartitionId partition, IReadOnlyList<ObjectEntry> listed, DateTimeOffset wallNow) => wallNow >= DueAt(partition);
}
