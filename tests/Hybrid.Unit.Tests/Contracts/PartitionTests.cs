using Hybrid.Contracts.Partitions;

namespace Hybrid.Unit.Tests.Contracts;

public class PartitionTests
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Start = new(2011, 12, 1, 8, 5, 0, TimeSpan.Zero);

    [Fact]
    public void Name_OfAMinutePartition_LeavesSecondsOut() => Assert.Equal("2011-12-01T08:05Z", new PartitionId(Start, FiveMinutes).Name);

    [Fact]
    public void Name_OfASecondPartition_ShowsSeconds() =>
        Assert.Equal("2011-12-01T08:05:01Z", new PartitionId(Start.AddSeconds(1), TimeSpan.FromSeconds(1)).Name);

    [Fact]
    public void Containing_AnInstantInAnotherZone_IsTheUtcPartition() =>
        Assert.Equal(new PartitionId(Start, FiveMinutes), PartitionId.Containing(new DateTimeOffset(2011, 12, 1, 10, 7, 59, TimeSpan.FromHours(2)), FiveMinutes));

    [Fact]
    public void New_WithAStartBetweenPartitions_Refuses() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PartitionId(Start.AddMinutes(1), FiveMinutes));

    [Theory]
    [InlineData(0)]
    [InlineData(86401)]
    public void New_WithAPeriodOutOfRange_Refuses(int seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PartitionId.Containing(Start, TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void TryParse_ReadsWhatNameWrote()
    {
        var partition = new PartitionId(Start, FiveMinutes);
        Assert.True(PartitionId.TryParse(partition.Name, FiveMinutes, out var parsed));
        Assert.Equal(partition, parsed);
        Assert.False(PartitionId.TryParse("2011-12-01T08:06Z", FiveMinutes, out _));
        Assert.False(PartitionId.TryParse("yesterday", FiveMinutes, out _));
        Assert.False(PartitionId.TryParse(null, FiveMinutes, out _));
    }

    [Theory]
    [InlineData(PartitionLayout.DefaultTemplate, 300, "dt=2011-12-01/hh=08/mm=05/")]
    [InlineData("{yyyyMMdd}/{HHmm}/", 300, "20111201/0805/")]
    [InlineData("day/{yyyy-MM-dd}/", 86400, "day/2011-12-01/")]
    [InlineData("y={yyyy}/m={MM}/d={dd}/h={HH}/", 3600, "y=2011/m=12/d=01/h=08/")]
    public void Layout_WritesAndReadsPrefixes(string template, int seconds, string prefix)
    {
        var layout = new PartitionLayout(template, TimeSpan.FromSeconds(seconds));
        var partition = PartitionId.Containing(Start, layout.Period);
        Assert.Equal(prefix, layout.Prefix(partition));
        Assert.True(layout.TryParse(prefix + "part-0.ndjson.gz", out var parsed));
        Assert.Equal(partition, parsed);
    }

    [Theory]
    [InlineData("dt={yyyy-MM-dd}/hh={HH}/", 300)]
    [InlineData("dt={yyyy-MM-dd}", 86400)]
    [InlineData("fixed/", 86400)]
    public void Layout_ThatCannotTellPartitionsApart_Refuses(string template, int seconds) =>
        Assert.Throws<ArgumentException>(() => new PartitionLayout(template, TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("dt=2011-13-01/hh=08/mm=05/a")]
    [InlineData("dt=2011-12-01/hh=08/mm=06/a")]
    [InlineData("other/dt=2011-12-01/hh=08/mm=05/a")]
    [InlineData("../dt=2011-12-01/hh=08/mm=05/a")]
    public void Layout_OfAForeignKey_SaysNo(string key) =>
        Assert.False(new PartitionLayout(PartitionLayout.DefaultTemplate, FiveMinutes).TryParse(key, out _));
}
