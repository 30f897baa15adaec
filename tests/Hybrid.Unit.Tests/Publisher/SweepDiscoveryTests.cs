using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Discovery;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Measurement;
using Hybrid.Publisher.Discovery;
using Hybrid.Publisher.Measurement;

namespace Hybrid.Unit.Tests.Publisher;

public sealed class SweepDiscoveryTests
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
        Assert.Equal(sorts, new PartitionLayout(template, TimeSpan.FromSeconds(periodSeconds)).SortsLikeTime);

    [Fact]
    public async Task Window_OfALayoutThatSorts_IsOneListing_ThatEndsWithTheWindow()
    {
        var layout = new PartitionLayout(PartitionLayout.DefaultTemplate, s_period);
        var store = Store(layout, Partitions(s_first, 500));
        var window = Partitions(new PartitionId(s_first.Start + (100 * s_period), s_period), 20);

        var listing = await Discovery(store, layout).ListAsync(window, default);

        Assert.Equal(window, listing.Window);
        Assert.Equal(window, listing.Partitions.Keys.Order());
        Assert.All(listing.Partitions.Values, partition => Assert.Single(partition.Objects));
        Assert.InRange(Assert.Single(store.Listings).Seen, 20, 21);
    }

    [Fact]
    public async Task Window_OfAnyOtherLayout_IsAListingForEachPartition()
    {
        var layout = new PartitionLayout("{dd-MM-yyyy}/{HHmm}/", s_period);
        var store = Store(layout, Partitions(s_first, 500));
        var window = Partitions(new PartitionId(new DateTimeOffset(2011, 12, 1, 23, 55, 0, TimeSpan.Zero), s_period), 3);

        var listing = await Discovery(store, layout).ListAsync(window, default);

        Assert.Equal(window, listing.Partitions.Where(pair => pair.Value.Objects.Count == 1).Select(pair => pair.Key).Order());
        Assert.Equal(3, store.Listings.Count);
    }

    [Fact]
    public async Task WindowOverMidnight_IsWhole()
    {
        var layout = new PartitionLayout(PartitionLayout.DefaultTemplate, s_period);
        var store = Store(layout, Partitions(s_first, 500));
        var window = Partitions(new PartitionId(new DateTimeOffset(2011, 12, 1, 23, 45, 0, TimeSpan.Zero), s_period), 6);

        Assert.Equal(window, (await Discovery(store, layout).ListAsync(window, default)).Partitions.Keys.Order());
    }

    [Theory]
    [InlineData(PartitionLayout.DefaultTemplate)]
    [InlineData("{dd-MM-yyyy}/{HHmm}/")]
    public async Task CostOfACycle_DependsOnItsWindow_HoweverLargeTheTreeIs(string template)
    {
        var layout = new PartitionLayout(template, s_period);
        var window = Partitions(new PartitionId(s_first.Start + (50 * s_period), s_period), 13);
        var small = Store(layout, Partitions(s_first, 100));
        var large = Store(layout, Partitions(s_first, 20_000));

        await Discovery(small, layout).ListAsync(window, default);
        await Discovery(large, layout).ListAsync(window, default);

        Assert.Equal(small.Requests, large.Requests);
        Assert.InRange(large.Requests, 1, window.Length);
    }

    [Fact]
    public async Task TreeOfAHundredThousandObjects_IsListedInParallel_WithLittleMoreThanARequestAThousand()
    {
        var layout = new PartitionLayout(PartitionLayout.DefaultTemplate, s_period);
        var partitions = Partitions(s_first, 20_000);
        var store = Store(layout, partitions, objects: 5);
        var discovery = Discovery(store, layout, new DiscoverySettings { MaxObjects = int.MaxValue, StretchPartitions = 400 });

        var listing = await discovery.ListAsync(partitions, default);

        Assert.Equal(100_000, listing.Partitions.Values.Sum(partition => partition.Objects.Count));
        Assert.InRange(store.Requests, 100, 200);
        Assert.InRange(store.MostAtOnce, 1, 8);
    }

    [Fact]
    public async Task StretchesBehindTheFirst_AreListedAtTheSameTime()
    {
        var layout = new PartitionLayout(PartitionLayout.DefaultTemplate, s_period);
        var partitions = Partitions(s_first, 50);
        var (begun, four) = (0, new TaskCompletionSource());
        var store = new InMemoryStore
        {
            BeforeListing = listing =>
            {
                if (listing > 0 && Interlocked.Increment(ref begun) == 4)
                {
                    four.SetResult();
                }

                return listing == 0 ? Task.CompletedTask : four.Task.WaitAsync(TimeSpan.FromSeconds(30));
            },
        };

        await Discovery(store, layout, new DiscoverySettings { StretchPartitions = 10, Parallelism = 4 }).ListAsync(partitions, default);

        Assert.Equal(5, store.Listings.Count);
        Assert.Equal(4, store.MostAtOnce);
    }

    [Fact]
    public async Task WindowWithMoreObjectsThanMayBeHeld_IsListedInPart()
    {
        var layout = new PartitionLayout(PartitionLayout.DefaultTemplate, s_period);
        var partitions = Partitions(s_first, 1_000);
        var store = Store(layout, partitions);
        var discovery = Discovery(store, layout, new DiscoverySettings { MaxObjects = 100, StretchPartitions = 20, Parallelism = 4 });

        var listing = await discovery.ListAsync(partitions, default);

        Assert.Equal(partitions[..100], listing.Window);
        Assert.Equal(partitions[..100], listing.Partitions.Keys.Order());
    }

    [Fact]
    public async Task OverlapWindow_ThatHoldsMoreThanMayBeHeld_IsListedAllTheSame_WithThePartitionBehindIt()
    {
        var layout = new PartitionLayout(PartitionLayout.DefaultTemplate, s_period);
        var partitions = Partitions(s_first, 1_000);
        var store = Store(layout, partitions);
        var settings = new DiscoverySettings { MaxObjects = 100, StretchPartitions = 20, Parallelism = 4, AtLeastPartitions = 301 };

        var listing = await Discovery(store, layout, settings).ListAsync(partitions, default);

        Assert.Equal(partitions[..340], listing.Window);
        Assert.Equal(partitions[..340], listing.Partitions.Keys.Order());
    }

    [Fact]
    public async Task MarkersAndForeignKeys_AreNoObjects()
    {
        var layout = new PartitionLayout(PartitionLayout.DefaultTemplate, s_period);
        var store = Store(layout, [s_first, s_first.Next]);
        foreach (var key in new[] { "_SUCCESS", ".part-1.crc", "", "sub/_temporary", "_temporary/0/part-0" })
        {
            store.Keys.Add(layout.Prefix(s_first) + key);
        }

        store.Keys.Add("dt=2011-12-01/hh=08/mm=0x/part-0");

        var listing = await Discovery(store, layout).ListAsync([s_first, s_first.Next], default);

        Assert.Equal(layout.Prefix(s_first) + "part-0", Assert.Single(listing.Of(s_first).Objects).Key);
        Assert.True(listing.Of(s_first).IsMarked);
        Assert.False(listing.Of(s_first.Next).IsMarked);
    }

    [Theory]
    [InlineData(PartitionLayout.DefaultTemplate, 1)]
    [InlineData("{dd-MM-yyyy}/{HHmm}/", 400)]
    public async Task EarliestPartition_IsFound_WithoutReadingMoreThanNeeded(string template, int seen)
    {
        var layout = new PartitionLayout(template, s_period);
        var store = Store(layout, Partitions(s_first, 400));

        Assert.Equal(s_first, await Discovery(store, layout).FindEarliestAsync(default));
        Assert.Equal(seen, Assert.Single(store.Listings).Seen);
    }

    [Fact]
    public async Task EarliestPartition_OfAnEmptyStore_IsNone() =>
        Assert.Null(await Discovery(new InMemoryStore(), new PartitionLayout(PartitionLayout.DefaultTemplate, s_period)).FindEarliestAsync(default));

    private static SweepDiscovery Discovery(InMemoryStore store, PartitionLayout layout, DiscoverySettings? settings = null) =>
        new(store, layout, settings ?? new DiscoverySettings(), new HybridMetrics());

    private static PartitionId[] Partitions(PartitionId first, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new PartitionId(first.Start + (i * first.Period), first.Period))];

    private static InMemoryStore Store(PartitionLayout layout, PartitionId[] partitions, int objects = 1)
    {
        var store = new InMemoryStore();
        foreach (var prefix in partitions.Select(layout.Prefix))
        {
            for (var part = 0; part < objects; part++)
            {
                store.Keys.Add($"{prefix}part-{part}");
            }
        }

        return store;
    }
}
