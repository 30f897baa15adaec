using System.Text;
using Confluent.Kafka;
using Hybrid.Lanes.Consuming;
using Hybrid.Lanes.Windows;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Unit.Tests.Lanes;

public sealed class AssignmentTests
{
    private static readonly TopicPartition Id = new("t", 0);

    private readonly Assignment _assignment = new();

    [Fact]
    public void AcknowledgementFromBeforeARebalance_DoesNotCountAfterIt()
    {
        _assignment.Add(Id, 10, Window());
        var before = _assignment.Find(0)!;
        before.Take(10, 0);
        _assignment.Remove(Id);
        _assignment.Acknowledge(0, before.Holding, 10);

        _assignment.Add(Id, 10, Window());
        _assignment.Find(0)!.Take(10, 0);
        _assignment.Acknowledge(0, before.Holding, 10);
        Assert.Empty(_assignment.Committable());

        _assignment.Acknowledge(0, _assignment.Find(0)!.Holding, 10);
        Assert.Equal([new TopicPartitionOffset(Id, 11)], _assignment.Committable());
    }

    [Fact]
    public void AcknowledgementOfALogThatIsNoMore_DoesNotCountForTheNewOne()
    {
        _assignment.Add(Id, 0, Window());
        var partition = _assignment.Find(0)!;
        partition.Take(0, 0);
        var before = partition.Holding;
        partition.Take(0, 0);
        _assignment.Acknowledge(0, before, 0);

        Assert.Empty(_assignment.Committable());
    }

    [Fact]
    public void PartitionAssignedAgainWithoutBeingGivenUp_IsAnotherHoldingToo()
    {
        _assignment.Add(Id, 10, Window());
        var before = _assignment.Find(0)!.Holding;
        _assignment.Add(Id, 10, Window());

        Assert.NotEqual(before, _assignment.Find(0)!.Holding);
    }

    [Fact]
    public void HasReached_WhenEveryPartitionThatIsHeldIsAtItsEnd()
    {
        var ends = new Dictionary<int, long> { [0] = 12, [1] = 5 };
        Assert.True(_assignment.HasReached(ends));

        _assignment.Add(Id, 10, Window());
        Assert.False(_assignment.HasReached(ends));
        _assignment.Find(0)!.Take(10, 0);
        Assert.False(_assignment.HasReached(ends));
        _assignment.Find(0)!.TakeMarkers(12);
        Assert.True(_assignment.HasReached(ends));
        _assignment.Add(new TopicPartition("t", 7), 0, Window());
        Assert.True(_assignment.HasReached(ends));
    }

    [Fact]
    public void OldestUnacknowledged_IsTheLeastOfThePartitionsThatHaveOne()
    {
        _assignment.Add(Id, 0, Window());
        _assignment.Add(new TopicPartition("t", 1), 0, Window());
        var (first, second) = (_assignment.Find(0)!, _assignment.Find(1)!);
        first.Take(0, 5_000);
        first.Take(1, 7_000);
        second.Take(0, 6_000);
        Assert.Equal(5_000, _assignment.OldestUnacknowledged(_ => 2));

        first.Acknowledge(0);
        Assert.Equal(6_000, _assignment.OldestUnacknowledged(_ => 2));
        second.Acknowledge(0);
        Assert.Equal(7_000, _assignment.OldestUnacknowledged(id => id.Partition == 0 ? 2 : 1));
        first.Acknowledge(1);
        Assert.Null(_assignment.OldestUnacknowledged(id => id.Partition == 0 ? 2 : 1));
    }

    [Fact]
    public void Assignment_AddsUpLag_AndTakesTheLeastWatermark()
    {
        _assignment.Add(Id, 10, Window());
        _assignment.Add(new TopicPartition("t", 3), 20, Window());
        Assert.Equal(90 + 80, _assignment.Lag(_ => 100));
        Assert.Null(_assignment.Lag(_ => null));

        _assignment.Find(0)!.Window.Advance(Encoding.UTF8.GetBytes("s"), 5);
        Assert.Null(_assignment.Watermark());
        _assignment.Find(3)!.Window.Advance(Encoding.UTF8.GetBytes("s"), 4);
        Assert.Equal(4, _assignment.Watermark());
        Assert.Null(_assignment.Find(1));
    }

    private static PartitionWindow Window() => new(new WindowOptions());
}
