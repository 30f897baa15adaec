using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Publisher.Progress;

namespace Hybrid.Publisher.Planning;

/// <summary>An object to publish.</summary>
/// <param name="Entry">The object as it was listed.</param>
/// <param name="Known">What was published under its key before; null for nothing.</param>
internal sealed record PlannedObject(ObjectEntry Entry, PublishedObject? Known)
{
    public int Generation => Known is null ? 0 : Known.Generation + 1;
}

/// <summary>One transaction.</summary>
/// <param name="Partition">The partition that its objects belong to.</param>
/// <param name="Completes">Whether the partition is done with it, so that the watermark moves to its end; otherwise its objects are late.</param>
/// <param name="Objects">The objects, in the order of their keys; none for an empty partition.</param>
internal sealed record PlannedTransaction(PartitionId Partition, bool Completes, IReadOnlyList<PlannedObject> Objects);

/// <summary>
/// Decides what to publish, and what is published afterwards: pure functions of the progress, a listing and the time. The watermark moves
/// partition by partition and never past one that is not done; an object is published once for each ETag that it is seen with.
/// </summary>
internal sealed class PublishPlanner(PartitionLayout layout, int overlapPartitions, DateTimeOffset? until, ICompletion completion)
{
    private const int MaxPartitionsAtOnce = 64;
    private const int MaxSkippedRanges = 32;

    /// <summary>The first partition that is not done.</summary>
    public PartitionId Next(SourceProgress progress) => new(progress.Watermark, layout.Period);

    /// <summary>Whether the end that was asked for is reached.</summary>
    public bool IsDone(SourceProgress progress) => Next(progress).End > until;

    /// <summary>The partitions that a listing must show: those behind the watermark that may have late objects, and those that are due.</summary>
    public IReadOnlyList<PartitionId> Window(SourceProgress progress, DateTimeOffset wallNow)
    {
        var next = Next(progress);
        var window = new List<PartitionId>();
        for (var back = Math.Min(overlapPartitions, (int)Math.Min(int.MaxValue, next.Start.UtcTicks / layout.Period.Ticks)); back > 0; back--)
        {
            var behind = new PartitionId(next.Start - (back * layout.Period), layout.Period);
            if (progress.Floor is null || behind.Start >= progress.Floor)
            {
                window.Add(behind);
            }
        }

        for (var i = 0; i < MaxPartitionsAtOnce && IsDue(next, wallNow); i++, next = next.Next)
        {
            window.Add(next);
        }

        return window;
    }

    /// <summary>What to publish now, in order: the partitions that are done, then late and replaced objects of earlier ones.</summary>
    /// <param name="progress">What was published.</param>
    /// <param name="window">The partitions that were listed.</param>
    /// <param name="listing">What they hold; a partition without objects may be missing.</param>
    /// <param name="wallNow">When the listing began.</param>
    public IReadOnlyList<PlannedTransaction> Plan(
        SourceProgress progress,
        IReadOnlyList<PartitionId> window,
        IReadOnlyDictionary<PartitionId, List<ObjectEntry>> listing,
        DateTimeOffset wallNow)
    {
        var known = progress.Objects.ToDictionary(published => published.Key, StringComparer.Ordinal);
        var plan = new List<PlannedTransaction>();
        foreach (var partition in window.Where(partition => partition.Start >= progress.Watermark))
        {
            IReadOnlyList<ObjectEntry> listed = listing.TryGetValue(partition, out var entries) ? entries : [];
            if (!completion.IsComplete(partition, listed, wallNow))
            {
                break;
            }

            plan.Add(new PlannedTransaction(partition, Completes: true, [.. New(listed, known)]));
        }

        foreach (var partition in window.Where(partition => partition.Start < progress.Watermark))
        {
            if (listing.TryGetValue(partition, out var listed))
            {
                plan.AddRange(New(listed, known).Select(late => new PlannedTransaction(partition, Completes: false, [late])));
            }
        }

        return plan;
    }

    /// <summary>The progress after a transaction.</summary>
    /// <param name="progress">Before it.</param>
    /// <param name="transaction">What was planned.</param>
    /// <param name="published">What was published of it, by the ETags that were read.</param>
    /// <param name="lines">Lines read.</param>
    /// <param name="records">Records published.</param>
    public SourceProgress After(
        SourceProgress progress, PlannedTransaction transaction, IReadOnlyList<PublishedObject> published, long lines, long records)
    {
        var watermark = transaction.Completes ? transaction.Partition.End : progress.Watermark;
        var oldest = watermark - (overlapPartitions * layout.Period);
        var keys = published.Select(one => one.Key).ToHashSet(StringComparer.Ordinal);
        var replaced = published.Count(one => one.Generation > 0);
        return progress with
        {
            Watermark = watermark,
            Objects =
            [
                .. progress.Objects.Where(one => !keys.Contains(one.Key) && layout.TryParse(one.Key, out var partition) && partition.Start >= oldest),
                .. published,
            ],
            Counts = progress.Counts with
            {
                Partitions = progress.Counts.Partitions + (transaction.Completes ? 1 : 0),
                Objects = progress.Counts.Objects + published.Count,
                Lines = progress.Counts.Lines + lines,
                Records = progress.Counts.Records + records,
                DeadLetters = progress.Counts.DeadLetters + (lines - records),
                LateObjects = progress.Counts.LateObjects + (transaction.Completes ? 0 : published.Count - replaced),
                ReplacedObjects = progress.Counts.ReplacedObjects + replaced,
            },
        };
    }

    /// <summary>The newest partition that can be done by now; null when there is none yet behind the watermark given.</summary>
    public PartitionId? NewestDue(DateTimeOffset watermark, DateTimeOffset eventNow, DateTimeOffset wallNow)
    {
        var newest = PartitionId.Containing(until < eventNow ? until.Value : eventNow, layout.Period);
        while (newest.Start >= watermark && !IsDue(newest, wallNow))
        {
            newest = new PartitionId(newest.Start - layout.Period, layout.Period);
        }

        return newest.Start >= watermark ? newest : null;
    }

    /// <summary>Moves the progress to a partition and notes what is skipped.</summary>
    public SourceProgress SkipTo(SourceProgress progress, PartitionId partition)
    {
        var count = (partition.Start - progress.Watermark).Ticks / layout.Period.Ticks;
        return count <= 0 ? progress : progress with
        {
            Watermark = partition.Start,
            Floor = partition.Start,
            Skipped = [.. progress.Skipped.TakeLast(MaxSkippedRanges - 1), new SkippedRange(progress.Watermark, partition.Start, count)],
            Counts = progress.Counts with { SkippedPartitions = progress.Counts.SkippedPartitions + count },
        };
    }

    private bool IsDue(PartitionId partition, DateTimeOffset wallNow) => !(partition.End > until) && completion.DueAt(partition) <= wallNow;

    private static IEnumerable<PlannedObject> New(IReadOnlyList<ObjectEntry> listed, Dictionary<string, PublishedObject> known) =>
        from entry in listed
        let before = known.GetValueOrDefault(entry.Key)
        where before is null || before.ETag != entry.ETag
        select new PlannedObject(entry, before);
}
