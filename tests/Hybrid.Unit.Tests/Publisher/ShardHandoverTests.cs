using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Planning;
using Hybrid.Pipeline.Progress;
using Hybrid.Publisher.Progress;
using Hybrid.Publisher.Sharding;
using static Hybrid.Unit.Tests.Publisher.PlannerFixture;

namespace Hybrid.Unit.Tests.Publisher;

public sealed class ShardHandoverTests
{
    [Fact]
    public void OneShard_IsSplit_AndEveryObjectIsKnownToItsNewShard()
    {
        var objects = Enumerable.Range(0, 20).Select(i => new PublishedObject(Key(0, $"part-{i}"), "e", 0)).ToArray();
        var cursor = new ObjectCursor(Partition(1).Name, Key(1, "large"), "e", 0, 5, Start);
        var old = Progress(0, 1, Start + Period) with { Objects = objects, Cursor = cursor, Counts = new ProgressCounts { Lines = 25, Records = 25 } };

        var shards = ShardHandover.Split([old], 1, 3, Layout, Overlap);

        Assert.Equal([0, 1, 2], shards.Select(shard => shard.Shard));
        Assert.All(shards, shard => Assert.Equal((3, Start + Period), (shard.Shards, shard.Watermark)));
        Assert.Equal(objects.Order(Comparer), shards.SelectMany(shard => shard.Objects).Order(Comparer));
        Assert.All(shards, shard => Assert.All(shard.Objects, one => Assert.True(new Shard(shard.Shard, 3).Owns(one.Key))));
        Assert.Equal(cursor, Assert.Single(shards, shard => new Shard(shard.Shard, 3).Owns(cursor.Key)).Cursor);
        Assert.Equal(25, shards.Sum(shard => shard.Counts.Lines));
    }

    [Fact]
    public void ShardsThatStandApart_AreMergedAtTheLeast_AndNobodyLooksWhereOneForgot()
    {
        var ahead = Progress(0, 2, Start + (5 * Period)) with { Objects = [new PublishedObject(Key(4, "a"), "e", 0)] };
        var behind = Progress(1, 2, Start + (3 * Period)) with { Objects = [new PublishedObject(Key(2, "b"), "e", 0)] };

        var merged = Assert.Single(ShardHandover.Split([ahead, behind], 2, 1, Layout, Overlap));

        Assert.Equal(Start + (3 * Period), merged.Watermark);
        Assert.Equal(Start + Period, merged.Floor);
        Assert.Equal(2, merged.Objects.Count);
        Assert.Empty(Plan(Planner(), From(merged), merged.Watermark, Entry(0, "forgotten"), Entry(4, "a")));
    }

    [Fact]
    public void ShardsThatAreTooFarApart_AreNotHandedOver() =>
        Assert.Contains("let the slower ones catch up", Refused([Progress(0, 2, Start + (5 * Period)), Progress(1, 2, Start)], 2));

    [Fact]
    public void ShardThatNeverBegan_IsAskedFor() => Assert.Contains("1 of them never began", Refused([Progress(0, 2, Start)], 2));

    [Fact]
    public void ObjectsThatArePublishedInPart_AreFinishedFirst_WhenOneShardWouldGetTwo() =>
        Assert.Contains("published in part", Refused(
            [Progress(0, 2, Start) with { Cursor = Cursor("a") }, Progress(1, 2, Start) with { Cursor = Cursor("b") }], 2));

    private static readonly Comparer<PublishedObject> Comparer = Comparer<PublishedObject>.Create((a, b) => string.CompareOrdinal(a.Key, b.Key));

    private static string Refused(SourceProgress[] old, int count)
    {
        var failure = Assert.Throws<HybridException>(() => ShardHandover.Split(old, count, 1, Layout, Overlap));
        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
        return failure.Message;
    }

    private static ObjectCursor Cursor(string name) => new(Partition(0).Name, Key(0, name), "e", 0, 1, Start);

    private static SourceProgress Progress(int shard, int shards, DateTimeOffset watermark) =>
        new() { Source = "catalog", Shard = shard, Shards = shards, Watermark = watermark };
}
