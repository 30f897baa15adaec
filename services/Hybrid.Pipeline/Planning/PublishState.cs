using System.Collections.Immutable;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Progress;

namespace Hybrid.Pipeline.Planning;

/// <summary>
/// What is published, as an immutable value with the transitions that publishing makes. <see cref="ToProgress"/> is what a transaction
/// writes beside its records, so that a publisher that begins with it goes on exactly behind them.
/// </summary>
internal sealed record PublishState
{
    private const int MaxSkippedRanges = 128;

    private SourceProgress Head { get; init; } = null!;

    private PartitionLayout Layout { get; init; } = null!;

    private int OverlapPartitions { get; init; }

    private ImmutableSortedDictionary<PartitionId, ImmutableDictionary<string, PublishedObject>> Objects { get; init; } =
        ImmutableSortedDictionary<PartitionId, ImmutableDictionary<string, PublishedObject>>.Empty;

    public string Source => Head.Source;

    public DateTimeOffset Watermark => Head.Watermark;

    public DateTimeOffset? Floor => Head.Floor;

    public ObjectCursor? Cursor => Head.Cursor;

    public ProgressCounts Counts => Head.Counts;

    /// <summary>The least watermark of all shards that was told to the consumers, event time; null for none yet.</summary>
    public DateTimeOffset? Announced => Head.SourceWatermark;

    /// <summary>Begins with what was written.</summary>
    /// <param name="progress">The record.</param>
    /// <param name="layout">How partitions are named.</param>
    /// <param name="overlapPartitions">How many partitions behind the watermark are looked at again.</param>
    public static PublishState From(SourceProgress progress, PartitionLayout layout, int overlapPartitions)
    {
        var objects = from one in progress.Objects
                      let known = layout.TryParse(one.Key, out var partition) ? partition : (PartitionId?)null
                      where known is not null
                      group KeyValuePair.Create(one.Key, one) by known.Value into partition
                      select KeyValuePair.Create(partition.Key, partition.ToImmutableDictionary(StringComparer.Ordinal));
        return new PublishState
        {
            Head = progress with { Objects = [] },
            Layout = layout,
            OverlapPartitions = overlapPartitions,
            Objects = objects.ToImmutableSortedDictionary(),
        };
    }

    /// <summary>What to write.</summary>
    /// <param name="wallNow">When, wall time.</param>
    public SourceProgress ToProgress(DateTimeOffset wallNow) => Head with
    {
        Format = SourceProgress.CurrentFormat,
        Objects = [.. Objects.Values.SelectMany(partition => partition.Values.OrderBy(one => one.Key, StringComparer.Ordinal))],
        UpdatedAt = wallNow,
    };

    /// <summary>What was published of a partition in the overlap window, by key.</summary>
    public ImmutableDictionary<string, PublishedObject> Known(PartitionId partition) =>
        Objects.TryGetValue(partition, out var known) ? known : ImmutableDictionary<string, PublishedObject>.Empty;

    /// <summary>More lines of an object are published; others follow.</summary>
    public PublishState Advance(ObjectCursor cursor, long lines, long records) =>
        this with { Head = Head with { Cursor = cursor, Counts = Count(lines, records) } };

    /// <summary>The last lines of an object are published.</summary>
    /// <param name="partition">Its partition.</param>
    /// <param name="published">The object, as it was read.</param>
    /// <param name="lines">Lines read that were not counted yet.</param>
    /// <param name="records">Records sent that were not counted yet.</param>
    public PublishState Finish(PartitionId partition, PublishedObject published, long lines, long records)
    {
        var counts = Count(lines, records);
        return this with
        {
            Head = Head with
            {
                Cursor = Head.Cursor?.Key == published.Key ? null : Head.Cursor,
                Counts = counts with
                {
                    Objects = counts.Objects + 1,
                    LateObjects = counts.LateObjects + (published.Generation == 0 && partition.Start < Watermark ? 1 : 0),
                    ReplacedObjects = counts.ReplacedObjects + (published.Generation > 0 ? 1 : 0),
                },
            },
            Objects = Objects.SetItem(partition, Known(partition).SetItem(published.Key, published)),
        };
    }

    /// <summary>Everything of the next partition is published: the watermark moves to its end.</summary>
    public PublishState Complete(PartitionId partition)
    {
        if (partition.Start != Watermark)
        {
            throw new InvalidOperationException($"partition {partition.Name} is not the one at the watermark {Watermark:u}");
        }

        var oldest = partition.End - (OverlapPartitions * Layout.Period);
        var objects = Objects;
        while (!objects.IsEmpty && objects.First() is var first && first.Key.Start < oldest)
        {
            objects = objects.Remove(first.Key);
        }

        return this with
        {
            Head = Head with { Watermark = partition.End, Counts = Head.Counts with { Partitions = Head.Counts.Partitions + 1 } },
            Objects = objects,
        };
    }

    /// <summary>
    /// The object that was published in part is gone: its rest is never published. Whatever comes under its key again, be it the same
    /// content, is published from its begin as the next generation.
    /// </summary>
    /// <param name="partition">Its partition.</param>
    public PublishState Abandon(PartitionId partition) => Head.Cursor is not { } cursor ? this : this with
    {
        Head = Head with { Cursor = null, Counts = Gone() },
        Objects = Objects.SetItem(
            partition, Known(partition).SetItem(cursor.Key, new PublishedObject(cursor.Key, PublishedObject.InPart, cursor.Generation, Gone: true))),
    };

    /// <summary>A published object is deleted: it is known to be gone, and is published again only as another.</summary>
    public PublishState Delete(PartitionId partition, PublishedObject gone) => this with
    {
        Head = Head with { Counts = Gone() },
        Objects = Objects.SetItem(partition, Known(partition).SetItem(gone.Key, gone with { Gone = true })),
    };

    /// <summary>The consumers were told of the least watermark of all shards.</summary>
    public PublishState Announce(DateTimeOffset watermark) => this with { Head = Head with { SourceWatermark = watermark } };

    /// <summary>Moves the watermark to a partition and notes what is skipped.</summary>
    public PublishState SkipTo(PartitionId partition)
    {
        var count = (partition.Start - Watermark).Ticks / Layout.Period.Ticks;
        return count <= 0 ? this : this with
        {
            Head = Head with
            {
                Watermark = partition.Start,
                Floor = partition.Start,
                Cursor = null,
                Skipped = [.. Head.Skipped.TakeLast(MaxSkippedRanges - 1), new SkippedRange(Watermark, partition.Start, count)],
                Counts = Head.Counts with { SkippedPartitions = Head.Counts.SkippedPartitions + count },
            },
        };
    }

    private ProgressCounts Gone() => Head.Counts with { DeletedObjects = Head.Counts.DeletedObjects + 1 };

    private ProgressCounts Count(long lines, long records) => Head.Counts with
    {
        Lines = Head.Counts.Lines + lines,
        Records = Head.Counts.Records + records,
        DeadLetters = Head.Counts.DeadLetters + (lines - records),
    };
}
