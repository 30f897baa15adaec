using FsCheck;
using FsCheck.Fluent;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Publisher.Discovery;
using Hybrid.Publisher.Planning;
using Hybrid.Publisher.Progress;

namespace Hybrid.Unit.Tests.Publisher;

public sealed class PublishPlannerTests
{
    private const int Overlap = 4;
    private static readonly TimeSpan s_period = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset s_start = new(2011, 12, 1, 23, 50, 0, TimeSpan.Zero);
    private static readonly PartitionLayout s_layout = new(PartitionLayout.DefaultTemplate, s_period);
    private static readonly EventClock s_clock = new(new ClockOptions());
    private static readonly SourceProgress s_begin = new() { Source = "catalog", Watermark = s_start };

    [Fact]
    public void Partition_IsDue_OnceItsEndAndTheSettleDelayHavePassed()
    {
        var planner = Planner(settle: TimeSpan.FromSeconds(2));

        Assert.Empty(Plan(planner, s_begin, s_start.AddSeconds(61.9)));
        Assert.True(Assert.Single(Plan(planner, s_begin, s_start.AddSeconds(62))).Completes);
    }

    [Fact]
    public void SettleDelay_IsWallTime_HoweverFastEventTimeRuns()
    {
        var wallStart = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var clock = new EventClock(new ClockOptions { Origin = s_start, Start = wallStart, Speed = 300 });

        var due = new RateCompletion(clock, TimeSpan.FromSeconds(3)).DueAt(new PartitionId(s_start, s_period));

        Assert.Equal(wallStart.AddSeconds(0.2 + 3), due);
    }

    [Fact]
    public void PartitionsBeyondTheEnd_AreLeftAlone()
    {
        var planner = Planner(until: s_start + (2 * s_period));

        var plan = Plan(planner, s_begin, s_start.AddHours(1));

        Assert.Equal(2, plan.Count);
        var progress = plan.Aggregate(s_begin, (before, planned) => planner.After(before, planned, [], 0, 0));
        Assert.True(planner.IsDone(progress));
        Assert.Empty(Plan(planner, progress, s_start.AddHours(1)));
    }

    [Fact]
    public void PartitionsThatAreDue_ComeBeforeLateObjects()
    {
        var planner = Planner();
        var progress = s_begin with { Watermark = s_start + s_period };

        var plan = Plan(planner, progress, s_start + (2 * s_period), Entry(0, "late"), Entry(1, "due"));

        Assert.Equal([true, false], plan.Select(planned => planned.Completes));
    }

    [Fact]
    public void SkippedPartitions_AreNotPublishedAsLate()
    {
        var planner = Planner();
        var wallNow = s_start + (10 * s_period);

        var newest = planner.NewestDue(s_begin.Watermark, wallNow, wallNow);
        var progress = planner.SkipTo(s_begin, newest!.Value);

        Assert.Equal(s_start + (9 * s_period), progress.Watermark);
        Assert.Equal(9, progress.Counts.SkippedPartitions);
        Assert.Equal([new SkippedRange(s_start, s_start + (9 * s_period), 9)], progress.Skipped);
        var planned = Assert.Single(Plan(planner, progress, wallNow, Entry(7, "skipped"), Entry(9, "due")));
        Assert.Equal("due", Path.GetFileName(Assert.Single(planned.Objects).Entry.Key));
    }

    [Fact]
    public void NewestDue_IsNone_WhenNothingIsDue() =>
        Assert.Null(Planner().NewestDue(s_start, s_start.AddSeconds(30), s_start.AddSeconds(30)));

    [Fact]
    public void Progress_SurvivesItsJson()
    {
        var progress = s_begin with
        {
            Floor = s_start,
            Objects = [new PublishedObject("a", "e", 2)],
            Counts = new ProgressCounts { Lines = 3, Records = 2, DeadLetters = 1 },
            Skipped = [new SkippedRange(s_start, s_start + s_period, 1)],
            UpdatedAt = s_start,
        };

        var read = SourceProgress.FromJson(progress.ToJson());

        Assert.Equal(progress with { Objects = read.Objects, Skipped = read.Skipped }, read);
        Assert.Equal(progress.Objects, read.Objects);
        Assert.Equal(progress.Skipped, read.Skipped);
    }

    /// <summary>
    /// For any schedule of arrivals, replacements, late arrivals, listings that hide objects, and crashes after any number of transactions:
    /// every object is published once for each ETag that was seen in time, generations rise by one, and the watermark goes forward one
    /// partition at a time and never past one whose visible objects are not published.
    /// </summary>
    [Fact]
    public void AnySchedule_PublishesEveryObjectOnce_InOrder() => Prop.ForAll(Schedules.ToArbitrary(), schedule =>
    {
        var planner = Planner();
        var store = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var committed = s_begin;
        var published = new List<PublishedObject>();
        var visible = new HashSet<(string, string)>();
        foreach (var step in schedule)
        {
            foreach (var (partition, name, content) in step.Arrivals)
            {
                store[Key(partition, name)] = $"e{content}";
            }

            var wallNow = s_start + (step.AtPartition * s_period);
            var window = planner.Window(committed, wallNow);
            var listing = new Dictionary<PartitionId, List<ObjectEntry>>();
            foreach (var (key, etag) in store.Where(pair => !(step.Hides && pair.Key.EndsWith('0'))))
            {
                s_layout.TryParse(key, out var partition);
                if (window.Contains(partition))
                {
                    visible.Add((key, etag));
                    (listing.TryGetValue(partition, out var entries) ? entries : listing[partition] = []).Add(new ObjectEntry(key, etag, 1, wallNow));
                }
            }

            var plan = planner.Plan(committed, window, listing, wallNow);
            foreach (var planned in plan.Take(step.CrashAfter))
            {
                PublishedObject[] done = [.. planned.Objects.Select(one => new PublishedObject(one.Entry.Key, one.Entry.ETag, one.Generation))];
                var before = committed;
                committed = SourceProgress.FromJson(planner.After(committed, planned, done, done.Length, done.Length).ToJson());
                published.AddRange(done);
                Assert.Equal(planned.Completes ? before.Watermark + s_period : before.Watermark, committed.Watermark);
                Assert.True(!planned.Completes || planned.Partition.Start == before.Watermark);
                Assert.True(planned.Completes || planned.Partition.Start < before.Watermark);
            }

            if (step.CrashAfter >= plan.Count)
            {
                Assert.All(visible, seen => Assert.Contains(published, one => one.Key == seen.Item1 && one.ETag == seen.Item2));
            }
            else
            {
                visible.RemoveWhere(seen => !published.Any(one => one.Key == seen.Item1 && one.ETag == seen.Item2));
            }

            Assert.True(committed.Watermark <= wallNow);
        }

        foreach (var key in published.GroupBy(one => one.Key))
        {
            Assert.Equal(Enumerable.Range(0, key.Count()), key.Select(one => one.Generation));
            Assert.DoesNotContain(key.Zip(key.Skip(1)), pair => pair.First.ETag == pair.Second.ETag);
        }

        Assert.Equal(published.Count, committed.Counts.Objects);
        Assert.Equal(committed.Counts.Lines, committed.Counts.Records + committed.Counts.DeadLetters);
        Assert.Equal(published.Count(one => one.Generation > 0), committed.Counts.ReplacedObjects);
    }).QuickCheckThrowOnFailure();

    private sealed record Step(int AtPartition, bool Hides, int CrashAfter, (int Partition, int Name, int Content)[] Arrivals);

    /// <summary>Time goes on by 0 to 3 partitions a step; objects arrive for partitions from 3 behind the clock to 2 ahead of it.</summary>
    private static Gen<Step[]> Schedules =>
        from steps in Gen.ArrayOf(
            from forward in Gen.Choose(0, 3)
            from hides in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
            from crashAfter in Gen.Frequency((3, Gen.Constant(int.MaxValue)), (1, Gen.Choose(0, 3)))
            from arrivals in Gen.ArrayOf(
                from back in Gen.Choose(-2, 3)
                from name in Gen.Choose(0, 2)
                from content in Gen.Choose(0, 3)
                select (back, name, content))
            select (forward, hides, crashAfter, arrivals))
        select steps.Aggregate((Now: 0, Steps: new List<Step>()), (state, step) =>
        {
            var now = state.Now + step.forward;
            state.Steps.Add(new Step(
                now,
                step.hides,
                step.crashAfter,
                [.. step.arrivals.Select(arrival => (Math.Max(0, now - arrival.back), arrival.name, arrival.content))]));
            return (now, state.Steps);
        }).Steps.ToArray();

    private static PublishPlanner Planner(TimeSpan settle = default, DateTimeOffset? until = null) =>
        new(s_layout, Overlap, until, new RateCompletion(s_clock, settle));

    private static IReadOnlyList<PlannedTransaction> Plan(
        PublishPlanner planner, SourceProgress progress, DateTimeOffset wallNow, params (PartitionId Partition, ObjectEntry Entry)[] entries) =>
        planner.Plan(
            progress,
            planner.Window(progress, wallNow),
            entries.GroupBy(entry => entry.Partition).ToDictionary(group => group.Key, group => group.Select(entry => entry.Entry).ToList()),
            wallNow);

    private static (PartitionId Partition, ObjectEntry Entry) Entry(int partition, string name)
    {
        var id = new PartitionId(s_start + (partition * s_period), s_period);
        return (id, new ObjectEntry(s_layout.Prefix(id) + name, "e", 1, s_start));
    }

    private static string Key(int partition, int name) =>
        s_layout.Prefix(new PartitionId(s_start + (partition * s_period), s_period)) + $"part-{name}";
}
