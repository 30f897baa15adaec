using Hybrid.Pipeline.Discovery;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Planning;
using Hybrid.Pipeline.Progress;
using Hybrid.Publisher.Progress;
using Hybrid.Publisher.Sharding;
using static Hybrid.Unit.Tests.Publisher.PlannerFixture;

namespace Hybrid.Unit.Tests.Publisher;

public sealed class PublishPlannerTests
{
    [Fact]
    public void Partition_IsDue_OnceItsEndAndTheSettleDelayHavePassed()
    {
        var planner = Planner(settle: TimeSpan.FromSeconds(2));

        Assert.Empty(Plan(planner, Begin, Start.AddSeconds(61.9)));
        Assert.True(Assert.Single(Plan(planner, Begin, Start.AddSeconds(62))).Completes);
    }

    [Fact]
    public void SettleDelay_IsWallTime_HoweverFastEventTimeRuns()
    {
        var wallStart = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var clock = new EventClock(new ClockOptions { Origin = Start, Start = wallStart, Speed = 300 });

        var due = new RateCompletion(clock, TimeSpan.FromSeconds(3)).DueAt(Partition(0));

        Assert.Equal(wallStart.AddSeconds(0.2 + 3), due);
    }

    [Fact]
    public void DayOfPartitions_LeavesAsLittleBehindAsAnHourOfThem()
    {
        var (planner, state) = (Planner(), Begin);
        var history = ListingHistory.Empty;
        var sizes = new List<int>();
        for (var number = 0; number < 24 * 60; number++)
        {
            var now = Partition(number).End;
            var window = planner.Window(state, now);

            // Two objects in time, one that is late by two partitions, and one that is replaced each time that it is looked at.
            var listing = Listing(window, [
                Entry(number, "part-0"), Entry(number, "part-1"), Entry(number - 2, "late"), Entry(number - 1, "part-0", $"e{number}"),
                .. window.Select(partition => Entry((int)((partition.Start - Start) / Period), "part-1"))]);
            history = history.With(listing, state.Watermark, now, Period);
            foreach (var planned in planner.Plan(state, listing, history, now))
            {
                state = planned.Objects.Aggregate(state, (before, one) => before.Finish(
                    planned.Partition, new PublishedObject(one.Entry.Key, one.Entry.ETag, one.Take(one.Entry.ETag)!.Value.Generation), 1, 1));
                state = planned.Completes ? state.Complete(planned.Partition) : state;
            }

            // What the next start, and each transaction, has to carry.
            sizes.Add(state.ToProgress(now).ToJson().Length);
        }

        Assert.Equal(Start + TimeSpan.FromDays(1), state.Watermark);
        Assert.InRange(state.ToProgress(Start).Objects.Count, 1, (Overlap + 1) * 3);
        Assert.InRange(sizes[^60..].Max(), 1, sizes[..60].Max() + 64);
    }

    [Fact]
    public void PartitionsBeyondTheEnd_AreLeftAlone()
    {
        var planner = Planner(until: Start + (2 * Period));

        var plan = Plan(planner, Begin, Start.AddHours(1));

        Assert.Equal(2, plan.Count);
        var state = plan.Aggregate(Begin, (before, planned) => before.Complete(planned.Partition));
        Assert.True(planner.IsDone(state));
        Assert.Empty(Plan(planner, state, Start.AddHours(1)));
    }

    [Fact]
    public void PartitionsThatAreDue_ComeBeforeLateObjects()
    {
        var plan = Plan(Planner(), Begin.Complete(Partition(0)), Start + (2 * Period), Entry(0, "late"), Entry(1, "due"));

        Assert.Equal([true, false], plan.Select(planned => planned.Completes));
    }

    [Fact]
    public void ACycle_PlansNoMorePartitionsThanItMay() =>
        Assert.Equal(3, Plan(Planner(maxPartitions: 3), Begin, Start.AddHours(1)).Count);

    [Fact]
    public void MarkerMode_WaitsForTheMarker_HoweverLongThatTakes_AndHoldsUpWhatFollows()
    {
        var planner = Planner(completion: new MarkerCompletion(Clock));
        var (data, later) = (Entry(0, "part-0"), Entry(1, "_SUCCESS"));

        Assert.Empty(Plan(planner, Begin, Start.AddHours(24), data, later));

        var plan = Plan(planner, Begin, Start.AddHours(24), data, Entry(0, "_SUCCESS"), later);
        Assert.Equal([Partition(0), Partition(1)], plan.Select(planned => planned.Partition));
        Assert.Equal(["part-0"], Names(plan[0]));
    }

    [Fact]
    public void MarkerMode_DoesNotFinishAPartition_BeforeItsEnd() =>
        Assert.Empty(Plan(Planner(completion: new MarkerCompletion(Clock)), Begin, Start.AddSeconds(59), Entry(0, "_SUCCESS")));

    [Fact]
    public void QuietMode_WaitsForListingsInARowThatShowTheSame()
    {
        var planner = Planner(completion: new QuietCompletion(Clock, listings: 3));
        var history = ListingHistory.Empty;

        Assert.Empty(Next(0, Entry(0, "a")));
        Assert.Empty(Next(1, Entry(0, "a")));
        Assert.Empty(Next(2, Entry(0, "a"), Entry(0, "b")));
        Assert.Empty(Next(3, Entry(0, "a"), Entry(0, "b")));
        Assert.Empty(Next(3.5, Entry(0, "a"), Entry(0, "b")));
        Assert.Equal(["a", "b"], Names(Assert.Single(Next(4, Entry(0, "a"), Entry(0, "b")))));

        IReadOnlyList<PlannedPartition> Next(double second, params Pipeline.ObjectStore.ObjectEntry[] entries)
        {
            var wallNow = Start.AddSeconds(60 + second);
            var listing = Listing(planner.Window(Begin, wallNow), entries);
            history = history.With(listing, Begin.Watermark, wallNow, TimeSpan.FromSeconds(1));
            return planner.Plan(Begin, listing, history, wallNow);
        }
    }

    [Fact]
    public void ReplacedObject_IsTheNextGeneration_AndTheSameOneIsDone()
    {
        var state = Begin.Finish(Partition(0), new PublishedObject(Key(0, "a"), "e", 1), 1, 1).Complete(Partition(0));

        Assert.Empty(Plan(Planner(), state, Start + Period, Entry(0, "a")));
        var replaced = Assert.Single(Assert.Single(Plan(Planner(), state, Start + Period, Entry(0, "a", "other"))).Objects);
        Assert.Equal((2, 0), replaced.Take("other"));
        Assert.Null(replaced.Take("e"));
    }

    [Fact]
    public void ObjectThatIsPublishedInPart_ComesFirst_EvenWhenAListingHidesIt()
    {
        var state = Begin.Advance(new ObjectCursor(Partition(0).Name, Key(0, "b"), "e", 0, 7, Start), 7, 7);

        var plan = Plan(Planner(), state, Start + Period, Entry(0, "a"));

        Assert.Equal([["b"], ["a"]], plan.Select(Names));
        Assert.Equal([false, true], plan.Select(planned => planned.Completes));
        Assert.Equal((0, 7), plan[0].Objects[0].Take("e"));
    }

    [Fact]
    public void ObjectThatWasReplacedInTheMiddle_BeginsAnew_AsTheNextGeneration()
    {
        var state = Begin.Advance(new ObjectCursor(Partition(0).Name, Key(0, "b"), "e", 1, 7, Start), 7, 7);

        var planned = Plan(Planner(), state, Start + Period, Entry(0, "b", "other"))[0].Objects[0];

        Assert.Equal((2, 0), planned.Take("other"));
    }

    [Fact]
    public void ObjectThatIsDeletedInTheMiddle_AndComesBack_BeginsAnew_AsTheNextGeneration()
    {
        var state = Begin.Advance(new ObjectCursor(Partition(0).Name, Key(0, "b"), "e", 0, 7, Start), 7, 7).Abandon(Partition(0));

        var after = From(SourceProgress.FromJson(state.ToProgress(Start).ToJson()));

        Assert.Equal((1, 0), Assert.Single(Assert.Single(Plan(Planner(), after, Start + Period, Entry(0, "b"))).Objects).Take("e"));
        Assert.Equal(1, after.Counts.DeletedObjects);
    }

    [Fact]
    public void DeletedObject_IsMissingUntilItIsKnownToBeGone_AndCountedOnce()
    {
        var known = new PublishedObject(Key(0, "a"), "e", 0);
        var state = Begin.Finish(Partition(0), known, 1, 1).Complete(Partition(0));
        var window = Planner().Window(state, Start + Period);

        Assert.Empty(Planner().Missing(state, Listing(window, Entry(0, "a"))));
        var (partition, missing) = Assert.Single(Planner().Missing(state, Listing(window)));
        var after = From(SourceProgress.FromJson(state.Delete(partition, missing).ToProgress(Start).ToJson()));

        Assert.Empty(Planner().Missing(after, Listing(window)));
        Assert.Equal(1, after.Counts.DeletedObjects);
        Assert.Empty(Plan(Planner(), after, Start + Period, Entry(0, "a")));
        Assert.Single(Plan(Planner(), after, Start + Period, Entry(0, "a", "other")));
    }

    [Fact]
    public void SkippedPartitions_AreNotPublishedAsLate()
    {
        var wallNow = Start + (10 * Period);

        var newest = Planner().NewestDue(Begin.Watermark, wallNow, wallNow);
        var state = Begin.SkipTo(newest!.Value);

        Assert.Equal(Start + (9 * Period), state.Watermark);
        Assert.Equal(9, state.Counts.SkippedPartitions);
        Assert.Equal([new SkippedRange(Start, Start + (9 * Period), 9)], state.ToProgress(Start).Skipped);
        Assert.Equal(["due"], Names(Assert.Single(Plan(Planner(), state, wallNow, Entry(7, "skipped"), Entry(9, "due")))));
    }

    [Fact]
    public void NewestDue_IsNone_WhenNothingIsDue() =>
        Assert.Null(Planner().NewestDue(Start, Start.AddSeconds(30), Start.AddSeconds(30)));

    [Fact]
    public void Lag_IsWhatIsDueAndNotDone()
    {
        Assert.Equal((0, TimeSpan.Zero), Lag(59));
        Assert.Equal((1, TimeSpan.FromSeconds(30)), Lag(90));
        Assert.Equal((3, TimeSpan.FromSeconds(120)), Lag(180));

        static (long, TimeSpan) Lag(int second) => Planner().Lag(Begin, Start.AddSeconds(second), Start.AddSeconds(second));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    public void EveryObject_IsOfOneShard_AndTheSharesAreAlike(int count)
    {
        string[] keys = [.. Enumerable.Range(0, 2_000).Select(i => Key(i / 10, $"part-{i % 10}.ndjson.gz"))];
        var shares = Enumerable.Range(0, count).Select(index => keys.Count(new Shard(index, count).Owns)).ToArray();

        Assert.Equal(keys.Length, shares.Sum());
        Assert.All(shares, share => Assert.InRange(share, 0.7 * keys.Length / count, 1.3 * keys.Length / count));
    }
}
