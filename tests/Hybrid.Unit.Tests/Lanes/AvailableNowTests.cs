using Confluent.Kafka;
using Hybrid.Lanes.Consuming;
using Hybrid.Pipeline.Windows;
using NSubstitute;

namespace Hybrid.Unit.Tests.Lanes;

public sealed class AvailableNowTests
{
    private readonly IConsumer<byte[], byte[]> _consumer = Substitute.For<IConsumer<byte[], byte[]>>();
    private readonly AvailableNow _available;

    public AvailableNowTests()
    {
        var admin = Substitute.For<IAdminClient>();
        var partitions = new List<PartitionMetadata> { new(0, 0, [], [], null), new(1, 0, [], [], null) };
        admin.GetMetadata("t", Arg.Any<TimeSpan>()).Returns(new Metadata([], [new TopicMetadata("t", partitions, null)], 0, ""));
        _consumer.QueryWatermarkOffsets(new TopicPartition("t", 0), Arg.Any<TimeSpan>()).Returns(new WatermarkOffsets(0, 12));
        _consumer.QueryWatermarkOffsets(new TopicPartition("t", 1), Arg.Any<TimeSpan>()).Returns(new WatermarkOffsets(0, 0));
        _available = AvailableNow.Begin(_consumer, admin, "t");
    }

    [Fact]
    public void WhatCameLater_IsBeyond()
    {
        Assert.False(_available.IsBeyond(0, 11));
        Assert.True(_available.IsBeyond(0, 12));
        Assert.True(_available.IsBeyond(1, 0));
        Assert.True(_available.IsBeyond(7, 0));
    }

    [Fact]
    public void MemberWithPartitions_IsDoneAtTheirEnds()
    {
        var assignment = new Assignment();
        assignment.Add(new TopicPartition("t", 0), 11, new PartitionWindow(new WindowOptions()));
        Assert.False(_available.IsTaken(assignment));
        assignment.Find(0)!.Take(11, 0);

        Assert.True(_available.IsTaken(assignment));
    }

    [Theory]
    [InlineData(11, false)]
    [InlineData(12, true)]
    [InlineData(-1001, false)]
    public void MemberWithoutPartitions_IsDoneWhenEverythingIsCommitted(long committed, bool expected)
    {
        _consumer.Committed(Arg.Any<IEnumerable<TopicPartition>>(), Arg.Any<TimeSpan>()).Returns(
        [
            new TopicPartitionOffset("t", 0, committed),
            new TopicPartitionOffset("t", 1, Offset.Unset),
        ]);

        Assert.Equal(expected, _available.IsTaken(new Assignment()));
    }
}
