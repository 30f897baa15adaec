using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Planning;
using Hybrid.Pipeline.Progress;
using Hybrid.Publisher.Progress;

namespace Hybrid.Publisher.Watermarks;

/// <summary>What a source's progress becomes when an operator moves its watermark.</summary>
internal static class WatermarkMove
{
    /// <summary>
    /// Moves a watermark. Forward, the partitions on the way are skipped, and noted as skipped. Back, they are published again: what is known of
    /// their objects is forgotten, and so is a bound that would exclude them. The totals stay, so they count again what is published again.
    /// </summary>
    /// <param name="current">Where it stands.</param>
    /// <param name="target">The first partition that is to be published.</param>
    /// <param name="layout">Which partition an object belongs to.</param>
    /// <param name="overlapPartitions">How many partitions behind the watermark the publisher looks at again.</param>
    /// <param name="now">Wall time.</param>
    public static SourceProgress To(SourceProgress current, PartitionId target, PartitionLayout layout, int overlapPartitions, DateTimeOffset now)
    {
        if (target.Start > current.Watermark)
        {
            return PublishState.From(current, layout, overlapPartitions).SkipTo(target).ToProgress(now);
        }

        return current with
        {
            Watermark = target.Start,
            Floor = current.Floor > target.Start ? target.Start : current.Floor,
            Cursor = null,
            Objects = [.. current.Objects.Where(known => layout.TryParse(known.Key, out var partition) && partition.End <= target.Start)],
            UpdatedAt = now,
        };
    }

    /// <summary>The progress of a source that has none yet.</summary>
    public static SourceProgress Begin(WatermarkKey key, PartitionId target, DateTimeOffset now) => new()
    {
        Source = key.Name,
        Shard = key.Shard.Index,
        Shards = key.Shard.Count,
        Watermark = target.Start,
        Floor = target.Start,
        UpdatedAt = now,
    };
}
