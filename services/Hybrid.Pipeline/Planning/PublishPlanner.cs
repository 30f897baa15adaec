using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Discovery;
using Hybrid.Pipeline.Progress;

namespace Hybrid.Pipeline.Planning;

/// <summary>The bounds of a plan.</summary>
internal sealed record PlannerSettings
{
    /// <summary>How many partitions behind the watermark are looked at again.</summary>
    public required int OverlapPartitions { get; init; }

    /// <summary>How many partitions that are due are planned at once at most.</summary>
    public int MaxPartitions { get; init; } = 2_048;

    /// <summary>Partitions that end after this are left alone, event time; null for no end.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Whose objects are planned.</summary>
    public Shard Shard { get; init; } = Shard.Whole;
}

/// <summary>
/// Decides what to publish: a pure function of the state, a listing and the time. The watermark moves partition by partition and never past
/// one that is not done; an object is published once for each ETag that it is seen with, and one that is published in part goes first.
/// </summary>
internal sealed class PublishPlanner(PartitionLayout layout, PlannerSettings settings, ICompletion completion)
{
    /// <summary>The first partition that is not done.</summary>
    public PartitionId Next(PublishState state) => new(state.Watermark, layout.Period);

    /// <summary>Whether the end that was asked for is reached.</summary>
    public bool IsDone(PublishState state) => Next(state).End > settings.Until && state.Cursor is null;

    /// <summary>The partitions that a listing must show: those behind the watermark that may have late objects, and those that are due.</summary>
    public IReadOnlyList<PartitionId> Window(PublishState state, DateTimeOffset wallNow)
    {
        var next = Next(state);
        var window = new List<PartitionId>();
        for (var back = Math.Min(settings.OverlapPartitions, (int)Math.Min(int.MaxValue, next.Start.UtcTicks / layout.Period.Ticks)); back > 0; back--)
        {
            var behind = new PartitionId(next.Start - (back * layout.Period), layout.Period);
            if (state.Floor is null || behind.Start >= state.Floor)
            {
                window.Add(behind);
            }
        }

        for (var i = 0; i < settings.MaxPartitions && IsDue(next, wallNow); i++, next = next.Next)
        {
            window.Add(next);
        }

        return window;
    }

    /// <summary>
    /// What to publish now, in order: the rest of an object that is published in part, whether it is listed or not; the partitions that are
    /// done; late and replaced objects of earlier ones.
    /// </summary>
    /// <param name="state">What was published.</param>
    /// <param name="listing">What the window holds.</param>
    /// <param name="history">How it looked before, this listing included.</param>
    /// <param name="wallNow">When the listing began.</param>
    public IReadOnlyList<PlannedPartition> Plan(PublishState state, Listing listing, ListingHistory history, DateTimeOffset wallNow)
    {
        var plan = new List<PlannedPartition>();
        if (state.Cursor is { } cursor && PartitionId.TryParse(cursor.Partition, layout.Period, out var begun))
        {
            var entry = listing.Of(begun).Objects.FirstOrDefault(listed => listed.Key == cursor.Key)
                ?? new ObjectEntry(cursor.Key, cursor.ETag, 0, cursor.LastModified);
            plan.Add(new PlannedPartition(begun, Completes: false, [new PlannedObject(entry, null, cursor)]));
        }

        foreach (var partition in listing.Window.Where(partition => partition.Start >= state.Watermark))
        {
            var listed = listing.Of(partition);
            if (!IsDue(partition, wallNow) || !completion.IsComplete(partition, listed, history))
            {
                break;
            }

            plan.Add(new PlannedPartition(partition, Completes: true, [.. New(partition, listed, state)]));
        }

        foreach (var partition in listing.Window.Where(partition => partition.Start < state.Watermark))
        {
            PlannedObject[] late = [.. New(partition, listing.Of(partition), state)];
            if (late.Length > 0)
            {
                plan.Add(new PlannedPartition(partition, Completes: false, late));
            }
        }

        return plan;
    }

    /// <summary>The objects of a listing that are not published yet as they are listed, done or not.</summary>
    public IEnumerable<ObjectEntry> Unpublished(PublishState state, Listing listing) =>
        listing.Window.SelectMany(partition => New(partition, listing.Of(partition), state)).Select(planned => planned.Entry);

    /// <summary>The published objects that a listing does not show any more, each until it is known to be gone.</summary>
    public IEnumerable<(PartitionId Partition, PublishedObject Object)> Missing(PublishState state, Listing listing) =>
        from partition in listing.Window
        let known = state.Known(partition)
        where known.Count > 0
        let listed = listing.Of(partition).Objects.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal)
        from one in known.Values
        where !one.Gone && !listed.Contains(one.Key)
        select (partition, one);

    /// <summary>The newest partition that can be done by now; null when there is none yet behind the watermark given.</summary>
    public PartitionId? NewestDue(DateTimeOffset watermark, DateTimeOffset eventNow, DateTimeOffset wallNow)
    {
        var newest = PartitionId.Containing(settings.Until < eventNow ? settings.Until.Value : eventNow, layout.Period);
        while (newest.Start >= watermark && !IsDue(newest, wallNow))
        {
            newest = new PartitionId(newest.Start - layout.Period, layout.Period);
        }

        return newest.Start >= watermark ? newest : null;
    }

    /// <summary>How many partitions are due and not done, and for how long the first of them has been due.</summary>
    public (long Partitions, TimeSpan Time) Lag(PublishState state, DateTimeOffset eventNow, DateTimeOffset wallNow)
    {
        var next = Next(state);
        return NewestDue(next.Start, eventNow, wallNow) is { } newest
            ? (((newest.Start - next.Start).Ticks / layout.Period.Ticks) + 1, wallNow - completion.DueAt(next))
            : (0, TimeSpan.Zero);
    }

    private bool IsDue(PartitionId partition, DateTimeOffset wallNow) => !(partition.End > settings.Until) && completion.DueAt(partition) <= wallNow;

    private IEnumerable<PlannedObject> New(PartitionId partition, ListedPartition listed, PublishState state)
    {
        var known = state.Known(partition);
        return from entry in listed.Objects
               where settings.Shard.Owns(entry.Key) && entry.Key != state.Cursor?.Key
               let before = known.GetValueOrDefault(entry.Key)
               where before is null || before.ETag != entry.ETag
               select new PlannedObject(entry, before);
    }
}
