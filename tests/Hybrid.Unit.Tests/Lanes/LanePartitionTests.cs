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
        var partition = new LanePartition(Id, 5, Window(), 1);
        partition.Take(5, 0);
        partition.Take(6, 0);
        partition.Take(8, 0);
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
        var partition = new LanePartition(Id, 0, Window(), 1);
        partition.Take(0, 0);
        partition.TakeMarkers(3);
        Assert.Null(partition.Committable);

        partition.Acknowledge(0);
        Assert.Equal(3, partition.Committable);
    }

    [Fact]
    public void EndOfTheLog_WhereReadingBegan_CommitsNothing()
    {
        var partition = new LanePartition(Id, 7, Window(), 1);
        partition.TakeMarkers(7);

        Assert.Null(partition.Committable);
    }

    [Fact]
    public void LogThatWasMadeAnew_IsReadAndCommittedFromItsBeginning()
    {
        var partition = new LanePartition(Id, 1_000, Window(), 1);
        partition.Take(1_000, 0);
        partition.Take(0, 0);
        partition.Take(1, 0);
        partition.Acknowledge(0);
        partition.Acknowledge(1);

        Assert.Equal(2, partition.Committable);
    }

    [Fact]
    public void Watermark_IsTheLeastOfTheSources_AndNeverGoesBack()
    {
        var partition = new LanePartition(Id, 0, Window(), 1);
        Assert.Null(partition.Window.Watermark);
        partition.Window.Advance("a"u8.ToArray(), 30);
        partition.Window.Advance("b"u8.ToArray(), 10);
        partition.Window.Advance("b"u8.ToArray(), 20);
        partition.Window.Advance("b"u8.ToArray(), 15);

        Assert.Equal(20, partition.Window.Watermark);
    }
}
