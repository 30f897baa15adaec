using Hybrid.Contracts.Partitions;
using Hybrid.Publisher.Discovery;

namespace Hybrid.Unit.Tests.Publisher;

public sealed class PartitionDiscoveryTests
{
    private static readonly TimeSpan s_period = TimeSpan.FromMinutes(5);
    private static readonly PartitionId s_first = new(new DateTimeOffset(2011, 12, 1, 8, 0, 0, TimeSpan.Zero), s_period);

    [Theory]
    [InlineData(PartitionLayout.DefaultTemplate, 300, true)]
    [InlineData("{yyyyMMddHHmm}/", 300, true)]
    [InlineData("dt={yyyy-MM-dd}/", 86_400, true)]
    [InlineData("{dd-MM-yyyy}/{HHmm}/", 300, false)]
    [InlineData("dt={yyyy-MM-dd}/hh={%H}/mm={mm}/", 300, false)]
    [InlineData("{yyyy}/{M}/{d}/{HHmm}/", 300, false)]
    public void Layout_IsKnownToSortLikeTime_OrNot(string template, int periodSeconds, bool sorts) =>
        Assert.Equal(sorts, LayoutOrder.SortsLikeTime(new PartitionLayout(template, TimeSpan.FromSeconds(periodSeconds))));

    [Fact]
    public async Task Window_OfALayoutThatSorts_IsOneListing_ThatEndsWithTheWindow()
    {
        var layout = new PartitionLayout(PartitionLayout.DefaultTemplate, s_period);
        var store = Store(layout, Partitions(s_first, 500));
        var window = Partitions(new PartitionId(s_first.Start + (100 * s_period), s_period), 20);

        var found = await new PartitionDiscovery(store, layout).ListAsync(window, default);

        Assert.Equal(window, found.Keys.Order());
        Assert.All(found.Values, objects => Assert.Single(objects));
        Assert.InRange(Assert.Single(store.Listings).Seen, 20, 21);
    }

    [Fact]
    public async Task Window_OfAnyOtherLayout_IsAListingForEachPartition()
    {
        var layout = new PartitionLayout("{dd-MM-yyyy}/{HHmm}/", s_period);
        var store = Store(layout, Partitions(s_first, 500));
        var window = Partitions(new PartitionId(new DateTimeOffset(2011, 12, 1, 23, 55, 0, TimeSpan.Zero), s_period), 3);

        var found = await new PartitionDiscovery(store, layout).ListAsync(window, default);

        Assert.Equal(window, found.Keys.Order());
    }

    [Fact]
    public async Task WindowOverMidnight_IsWhole()
    {
        var layout = new PartitionLayout(PartitionLayout.DefaultTemplate, s_period);
        var store = Store(layout, Partitions(s_first, 500));
        var window = Partitions(new PartitionId(new DateTimeOffset(2011, 12, 1, 23, 45, 0, TimeSpan.Zero), s_period), 6);

        Assert.Equal(window, (await new PartitionDiscovery(store, layout).ListAsync(window, default)).Keys.Order());
    }

    [Fact]
    public async Task MarkersAndForeignKeys_AreNoObjects()
    {
        var layout = new PartitionLayout(PartitionLayout.DefaultTemplate, s_period);
        var store = Store(layout, [s_first]);
        foreach (var key in new[] { "_SUCCESS", ".part-1.crc", "", "sub/_temporary" })
        {
            store.ETags[layout.Prefix(s_first) + key] = "e";
        }

        store.ETags["dt=2011-12-01/hh=08/mm=0x/part-0"] = "e";

        var found = await new PartitionDiscovery(store, layout).ListAsync([s_first], default);

        Assert.Equal(layout.Prefix(s_first) + "part-0", Assert.Single(found[s_first]).Key);
    }

    [Theory]
    [InlineData(PartitionLayout.DefaultTemplate, 1)]
    [InlineData("{dd-MM-yyyy}/{HHmm}/", 400)]
    public async Task EarliestPartition_IsFound_WithoutReadingMoreThanNeeded(string template, int seen)
    {
        var layout = new PartitionLayout(template, s_period);
        var store = Store(layout, Partitions(s_first, 400));

        Assert.Equal(s_first, await new PartitionDiscovery(store, layout).FindEarliestAsync(default));
        Assert.Equal(seen, Assert.Single(store.Listings).Seen);
    }

    [Fact]
    public async Task EarliestPartition_OfAnEmptyStore_IsNone() =>
        Assert.Null(await new PartitionDiscovery(new InMemoryStore(), new PartitionLayout(PartitionLayout.DefaultTemplate, s_period)).FindEarliestAsync(default));

    private static PartitionId[] Partitions(PartitionId first, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new PartitionId(first.Start + (i * first.Period), first.Period))];

    private static InMemoryStore Store(PartitionLayout layout, PartitionId[] partitions)
    {
        var store = new InMemoryStore();
        foreach (var partition in partitions)
        {
            store.ETags[layout.Prefix(partition) + "part-0"] = "e";
        }

        return store;
    }
}
