using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Planning;
using Hybrid.Pipeline.Progress;
using Hybrid.Publisher;
using Hybrid.Publisher.Progress;
using Hybrid.Publisher.Publishing;
using Hybrid.Publisher.Watermarks;

namespace Hybrid.Unit.Tests.Operating;

public sealed class WatermarkMoveTests
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Ten = new(2011, 12, 1, 10, 0, 0, TimeSpan.Zero);
    private static readonly PartitionLayout Layout = new(PartitionLayout.DefaultTemplate, Period);

    [Fact]
    public void MovedBack_ForgetsTheObjectsThatAreToBePublishedAgain()
    {
        var moved = Move(Progress(), Ten - (2 * Period));

        Assert.Equal(Ten - (2 * Period), moved.Watermark);
        Assert.Equal(["dt=2011-12-01/hh=09/mm=45/a.ndjson"], moved.Objects.Select(known => known.Key));
        Assert.Null(moved.Cursor);
        Assert.Equal(10, moved.Counts.Records);
    }

    [Fact]
    public void MovedBackBeforeItsFloor_LowersTheFloor()
    {
        Assert.Equal(Ten - (3 * Period), Move(Progress() with { Floor = Ten }, Ten - (3 * Period)).Floor);
        Assert.Equal(Ten - (9 * Period), Move(Progress() with { Floor = Ten - (9 * Period) }, Ten - (3 * Period)).Floor);
        Assert.Null(Move(Progress(), Ten - (3 * Period)).Floor);
    }

    [Fact]
    public void MovedForward_NotesWhatIsSkipped()
    {
        var moved = Move(Progress(), Ten + (4 * Period));

        Assert.Equal(new SkippedRange(Ten, Ten + (4 * Period), 4), Assert.Single(moved.Skipped));
        Assert.Equal(4, moved.Counts.SkippedPartitions);
        Assert.Equal(Ten + (4 * Period), moved.Floor);
        Assert.Null(moved.Cursor);
    }

    [Theory]
    [InlineData(0, 1, null)]
    [InlineData(2, 4, null)]
    [InlineData(0, 1, "2011-12-01T08:00:00Z")]
    public void Key_NamesThePublisherThatWritesIt(int shard, int shards, string? backfill)
    {
        var options = new PublisherOptions { Shard = shard, Shards = shards, BackfillFrom = backfill is null ? null : DateTimeOffset.Parse(backfill) };
        var target = PublishTarget.From(options, new SourceOptions(), new TopicNames());

        var key = WatermarkKey.Parse(target.Key);

        Assert.Equal(target.Key, key.Key);
        Assert.Equal(target.TransactionalId, key.TransactionalId);
    }

    private static SourceProgress Move(SourceProgress progress, DateTimeOffset to) =>
        WatermarkMove.To(progress, new PartitionId(to, Period), Layout, overlapPartitions: 12, Ten.AddDays(1));

    private static SourceProgress Progress() => new()
    {
        Source = "catalog",
        Watermark = Ten,
        Cursor = new ObjectCursor("2011-12-01T10:00Z", "dt=2011-12-01/hh=10/mm=00/a.ndjson", "e", 0, 5, Ten),
        Objects = [.. new[] { "09/mm=45", "09/mm=50", "09/mm=55" }.Select(at => new PublishedObject($"dt=2011-12-01/hh={at}/a.ndjson", "e", 0))],
        Counts = new ProgressCounts { Records = 10, Lines = 10 },
    };
}
