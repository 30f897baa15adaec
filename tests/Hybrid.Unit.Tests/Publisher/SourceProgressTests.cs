using System.Text.Json;
using Hybrid.Pipeline.Planning;
using Hybrid.Pipeline.Progress;
using Hybrid.Publisher.Progress;
using static Hybrid.Unit.Tests.Publisher.PlannerFixture;

namespace Hybrid.Unit.Tests.Publisher;

public sealed class SourceProgressTests
{
    [Fact]
    public void Progress_SurvivesItsJson()
    {
        var progress = new SourceProgress
        {
            Source = "catalog",
            Shard = 1,
            Shards = 2,
            Watermark = Start,
            SourceWatermark = Start,
            Floor = Start,
            Cursor = new ObjectCursor(Partition(0).Name, "b", "e", 1, 42, Start),
            Objects = [new PublishedObject("a", "e", 2), new PublishedObject("c", "e", 0, Gone: true)],
            Counts = new ProgressCounts { Lines = 3, Records = 2, DeadLetters = 1, DeletedObjects = 1 },
            Skipped = [new SkippedRange(Start, Start + Period, 1)],
            UpdatedAt = Start,
        };

        var read = SourceProgress.FromJson(progress.ToJson());

        Assert.Equal(progress with { Objects = read.Objects, Skipped = read.Skipped }, read);
        Assert.Equal(progress.Objects, read.Objects);
        Assert.Equal(progress.Skipped, read.Skipped);
    }

    [Fact]
    public void RecordOfTheFirstFormat_IsRead()
    {
        var read = SourceProgress.FromJson(
            """{"source":"catalog","watermark":"2011-12-01T08:05:00+00:00","objects":[{"key":"a","eTag":"e","generation":1}],"counts":{"lines":3}}"""u8);

        Assert.Equal((1, 0, 1), (read.Format, read.Shard, read.Shards));
        Assert.Equal([new PublishedObject("a", "e", 1)], read.Objects);
        Assert.Empty(read.Skipped);
        Assert.Null(read.Cursor);
        Assert.Equal(3, read.Counts.Lines);
    }

    [Fact]
    public void RecordOfALaterFormat_IsRefused() =>
        Assert.Contains("format 3", Assert.Throws<JsonException>(
            () => SourceProgress.FromJson("""{"format":3,"source":"catalog","watermark":"2011-12-01T08:05:00+00:00"}"""u8)).Message);

    [Theory]
    [InlineData("catalog", true)]
    [InlineData("catalog#0/2", true)]
    [InlineData("catalog2", false)]
    [InlineData("catalog@20111201T080000Z", false)]
    public void Key_IsOfASource_OrNot(string key, bool expected) => Assert.Equal(expected, ProgressKey.IsOf(key, "catalog"));

    [Fact]
    public void Keys_NameShardsAndBackfills()
    {
        Assert.Equal("catalog", ProgressKey.Of("catalog"));
        Assert.Equal("catalog#2/4", ProgressKey.Of("catalog", 2, 4));
        Assert.Equal("catalog@20111201T235000Z", ProgressKey.Backfill("catalog", Start));
    }
}
