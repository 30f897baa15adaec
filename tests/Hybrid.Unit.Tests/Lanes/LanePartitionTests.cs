using System.Text;
using Confluent.Kafka;
using Hybrid.Lanes.Consuming;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Unit.Tests.Lanes;

public sealed class LanePartitionTests
{
    private static readonly TopicPartition Id = new("t", 0);

    private static PartitionWindow Window() => new(new WindowOptions());

    [Fact]
    public void Committable_StopsBeforeTheLowestUnacknowledged()
    {
        var partition = new LanePartition(Id, 5, Window());
        partition.Take(5);
        partition.Take(6);
        partition.Take(8);
        partition.Acknowledge(6);
        partition.Acknowledge(8);
        Assert.Null(partition.Committable);

        partition.Acknowledge(5);
        Assert.Equal(9, partition.Committable);
        partition.NoteCommitted(9);
        Assert.Null(partition.Committable);
    }

    [Fact]
    public void EndOfTheLog_CoversTheMarkersBehindTheLastRecord()
    {
        var partition = new LanePartition(Id, 0, Window());
        partition.Take(0);
        partition.TakeMarkers(3);
        Assert.Null(partition.Committable);

        partition.Acknowledge(0);
        Assert.Equal(3, partition.Committable);
    }

    [Fact]
    public void EndOfTheLog_WhereReadingBegan_CommitsNothing()
    {
        var partition = new LanePartition(Id, 7, Window());
        partition.TakeMarkers(7);

        Assert.Null(partition.Committable);
    }

    [Fact]
    public void LogThatWasMadeAnew_IsReadAndCommittedFromItsBeginning()
    {
        var partition = new LanePartition(Id, 1_000, Window());
        partition.Take(1_000);
        partition.Take(0);
        partition.Take(1);
        partition.Acknowledge(0);
        partition.Acknowledge(1);

        Assert.Equal(2, partition.Committable);
    }

    [Fact]
    public void Watermark_IsTheLeastOfTheSources_AndNeverGoesBack()
    {
        var partition = new LanePartition(Id, 0, Window());
        Assert.Null(partition.Window.Watermark);
        partition.Window.Advance("a"u8.ToArray(), 30);
        partition.Window.Advance("b"u8.ToArray(), 10);
        partition.Window.Advance("b"u8.ToArray(), 20);
        partition.Window.Advance("b"u8.ToArray(), 15);

        Assert.Equal(20, partition.Window.Watermark);
    }

    [Fact]
    public void Assignment_AddsUpLag_AndTakesTheLeastWatermark()
    {
        var assignment = new Assignment();
        assignment.Add(new TopicPartition("t", 0), 10, Window());
        assignment.Add(new TopicPartition("t", 3), 20, Window());
        Assert.Equal(90 + 80, assignment.Lag(_ => 100));
        Assert.Null(assignment.Lag(_ => null));

        assignment.Find(0)!.Window.Advance(Encoding.UTF8.GetBytes("s"), 5);
        Assert.Null(assignment.Watermark());
        assignment.Find(3)!.Window.Advance(Encoding.UTF8.GetBytes("s"), 4);
        Assert.Equal(4, assignment.Watermark());
        Assert.Null(assignment.Find(1));
    }
}
