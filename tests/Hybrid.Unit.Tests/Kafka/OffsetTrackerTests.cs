using FsCheck;
using FsCheck.Fluent;
using Hybrid.Pipeline.Kafka;

namespace Hybrid.Unit.Tests.Kafka;

public class OffsetTrackerTests
{
    [Fact]
    public void Committable_WithNothingAcknowledged_IsNull()
    {
        var tracker = new OffsetTracker();
        tracker.Track(5);
        Assert.Null(tracker.Committable);
        Assert.Equal(1, tracker.Pending);
    }

    [Fact]
    public void Committable_WithGaps_StopsAtTheGap()
    {
        var tracker = new OffsetTracker();
        foreach (var offset in (long[])[3, 4, 7, 9])
        {
            tracker.Track(offset);
        }

        Assert.False(tracker.Acknowledge(4));
        Assert.True(tracker.Acknowledge(3));
        Assert.Equal(5, tracker.Committable);
        Assert.False(tracker.Acknowledge(9));
        Assert.Equal(5, tracker.Committable);
        Assert.True(tracker.Acknowledge(7));
        Assert.Equal(10, tracker.Committable);
        Assert.Equal(0, tracker.Pending);
    }

    [Fact]
    public void Acknowledge_OfUnknownOrRepeatedOffsets_ChangesNothing()
    {
        var tracker = new OffsetTracker();
        tracker.Track(1);
        Assert.False(tracker.Acknowledge(2));
        Assert.True(tracker.Acknowledge(1));
        Assert.False(tracker.Acknowledge(1));
        Assert.Equal(2, tracker.Committable);
    }

    [Fact]
    public void Track_BackInTheLog_Refuses()
    {
        var tracker = new OffsetTracker();
        tracker.Track(8);
        Assert.Throws<ArgumentOutOfRangeException>(() => tracker.Track(8));
    }

    [Fact]
    public void Committable_NeverPassesAnUnacknowledgedOffset()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(PositiveInt Count, int Seed)>(), input =>
        {
            var random = new Random(input.Seed);
            var offsets = Enumerable.Range(0, input.Count.Get * 7).Where(_ => random.Next(3) > 0).Select(i => (long)i).ToArray();
            var tracker = new OffsetTracker();
            foreach (var offset in offsets)
            {
                tracker.Track(offset);
            }

            if (Enumerable.Range(-2, (input.Count.Get * 7) + 4).Select(i => (long)i).Except(offsets).Any(tracker.Acknowledge))
            {
                return false;
            }

            var open = new SortedSet<long>(offsets);
            var shuffled = (long[])offsets.Clone();
            random.Shuffle(shuffled);
            foreach (var offset in shuffled)
            {
                tracker.Acknowledge(offset);
                open.Remove(offset);
                var limit = open.Count > 0 ? open.Min : long.MaxValue;
                if (tracker.Committable > limit || tracker.Pending < open.Count)
                {
                    return false;
                }
            }

            return offsets.Length == 0 || tracker.Committable == offsets[^1] + 1;
        }).QuickCheckThrowOnFailure();
    }
}
