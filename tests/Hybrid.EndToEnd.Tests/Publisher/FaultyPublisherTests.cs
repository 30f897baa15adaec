using Hybrid.Contracts.Measurement;
using Hybrid.Sandbox.Faults;

namespace Hybrid.EndToEnd.Tests.Publisher;

public sealed class FaultyPublisherTests(PublisherStack stack) : IClassFixture<PublisherStack>
{
    private const int Partitions = 6;
    private const int Objects = 5;
    private const string End = "2011-12-01T08:30:00Z";

    [Fact]
    public async Task MarkerMode_StallsWhereListingsHideMarkers_AndRateDoesNot()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        using var lag = stack.Inject(new FaultSpecification { Service = "s3", Target = $"{fixture.Bucket}/*_SUCCESS", ListingLag = "1h" });
        await PutAsync(fixture);
        for (var partition = 0; partition < Partitions; partition++)
        {
            await fixture.PutAsync($"{Prefix(partition)}_SUCCESS");
        }

        await using (var marker = fixture.Start(("Publisher:Until", End), ("Publisher:Mode", "marker")))
        {
            await marker.UntilAsync(() => marker.Counter(Instruments.Listings) > 10, "many listings");
            Assert.Equal(0, marker.Counter(Instruments.PartitionsPublished));
            Assert.Equal(Partitions, marker.Gauge(Instruments.PublisherLagPartitions));
            await marker.StopAsync();
        }

        await fixture.PublishAsync(End);
        await AssertOnceAsync(fixture);
    }

    [Fact]
    public async Task ListingsThatLagAndLose_MakeObjectsLate_AndNothingIsThereTwice()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        using var lag = stack.Inject(new FaultSpecification { Service = "s3", Target = $"{fixture.Bucket}/*", ListingLag = "0ms..400ms", Seed = 7 });
        using var lost = stack.Inject(new FaultSpecification { Service = "s3", Target = $"{fixture.Bucket}/*", Vanish = "50ms", Rate = 0.3, Seed = 7 });
        await using var publisher = fixture.Start(("Publisher:From", "2011-12-01T08:00:00Z"), ("Publisher:Until", End));
        await publisher.UntilAsync(() => publisher.Counter(Instruments.PartitionsPublished) == Partitions, "every partition done, still empty");
        await PutAsync(fixture);

        await publisher.UntilAsync(() => publisher.Counter(Instruments.ObjectsPublished) == Partitions * Objects, "every object published");
        var listings = publisher.Counter(Instruments.Listings);
        await publisher.UntilAsync(() => publisher.Counter(Instruments.Listings) > listings + 20, "more listings");
        await publisher.StopAsync();

        Assert.Equal(Partitions * Objects, publisher.Counter(Instruments.LateObjects));
        Assert.Equal(0, publisher.Counter(Instruments.DeletedObjects));
        await AssertOnceAsync(fixture);
    }

    [Fact]
    public async Task StoreThatSlowsDown_AndABrokerThatGoesAway_AreOutlived()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await PutAsync(fixture);
        using var busy = stack.Inject(new FaultSpecification { Service = "s3", Target = $"{fixture.Bucket}/*", Error = "SlowDown", RetryAfter = "0s", Rate = 0.3, Seed = 3 });
        var reached = new TaskCompletionSource();
        var store = new ObservedStore(fixture.Store)
        {
            BeforeOpen = (key, _) =>
            {
                if (key.Contains("mm=15"))
                {
                    reached.TrySetResult();
                }

                return Task.CompletedTask;
            },
        };
        await using var publisher = fixture.StartOver(
            store, ("Publisher:Until", End), ("Publisher:ExitWhenDone", "true"), ("Publisher:GroupPartitions", "1"));
        await reached.Task.WaitAsync(RunningPublisher.Patience);

        using (stack.Inject(new FaultSpecification { Service = "kafka", Down = true, For = "1s" }))
        {
            await publisher.EndsAsync();
        }

        await AssertOnceAsync(fixture);
        Assert.Equal(Partitions, fixture.Progress().Counts.Partitions);
    }

    private static string Prefix(int partition) => $"dt=2011-12-01/hh=08/mm={5 * partition:00}/";

    private static async Task PutAsync(PublisherFixture fixture)
    {
        for (var i = 0; i < Partitions * Objects; i++)
        {
            var (partition, part) = (i / Objects, i % Objects);
            var line = $$"""{"documentId":"d{{i}}","kind":"upsert","eventTime":"2011-12-01T08:01:00Z","title":"T"}""";
            await fixture.PutAsync($"{Prefix(partition)}part-{part}.ndjson", line);
        }
    }

    private static async Task AssertOnceAsync(PublisherFixture fixture) => Assert.Equal(
        Enumerable.Range(0, Partitions * Objects).Select(i => $"d{i}").Order(),
        (await fixture.DeltasAsync()).Select(delta => delta.DocumentId).Order());
}
