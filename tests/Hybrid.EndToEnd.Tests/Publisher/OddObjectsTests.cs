using System.Text;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Topics;
using Hybrid.Sandbox.Faults;

namespace Hybrid.EndToEnd.Tests.Publisher;

/// <summary>Objects with odd keys, many of them, large ones and ones that are not there.</summary>
public sealed class OddObjectsTests(PublisherStack stack) : IClassFixture<PublisherStack>
{
    private const string First = "dt=2011-12-01/hh=08/mm=00/";
    private const string EndOfFirst = "2011-12-01T08:05:00Z";

    [Fact]
    public async Task Keys_OfEveryKind_ArePublishedAsTheyAre_AndThoseInNoPartitionAreCountedOnce()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        const string Traversal = First + "../../../../etc/passwd.ndjson";
        await fixture.PutAsync(Traversal, "{oops", Upsert("traversal"));
        await fixture.PutAsync(First + "a b+c%2F&=ü~.ndjson", Upsert("spelled"));
        await fixture.PutAsync(First + "_temporary/0/part-0.ndjson", Upsert("hidden"));
        await fixture.PutAsync("dt=2011-12-01/hh=08/mm=03/part-0.ndjson", Upsert("off the grid"));
        await fixture.PutAsync("dt=2011-12-01/hh=08/mm=05/part-0.ndjson", Upsert("next"));
        await using var publisher = fixture.Start(("Publisher:Until", "2011-12-01T08:10:00Z"));
        await publisher.UntilAsync(() => publisher.Counter(Instruments.PartitionsPublished) == 2, "both partitions published");
        var listings = publisher.Counter(Instruments.Listings);
        await publisher.UntilAsync(() => publisher.Counter(Instruments.Listings) > listings + 3, "more listings");
        await publisher.StopAsync();

        Assert.Equal(["next", "spelled", "traversal"], (await fixture.DeltasAsync()).Select(delta => delta.DocumentId).Order());
        Assert.Equal(Traversal, PublisherFixture.Header(Assert.Single(fixture.DeadLetters()), RecordHeaders.DeadLetterObject));
        Assert.Equal(1, publisher.Counter(Instruments.ObjectsPassedOver));
    }

    [Fact]
    public async Task ManySmallObjectsOfOnePartition_AreSeveralTransactions_AndTheWatermarkComesWithTheLast()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        for (var i = 0; i < 30; i++)
        {
            await fixture.PutAsync($"{First}part-{i:00}.ndjson", Upsert($"d{i:00}"));
        }

        await fixture.PublishAsync(EndOfFirst, ("Publisher:TransactionRecords", "10"));

        var history = fixture.History();
        Assert.Equal([10, 20, 30], history.Select(progress => progress.Counts.Records).Distinct());
        Assert.Equal(DateTimeOffset.Parse("2011-12-01T08:00:00Z"), history[^2].Watermark);
        Assert.Equal(DateTimeOffset.Parse(EndOfFirst), history[^1].Watermark);
        Assert.Equal(30, (await fixture.DeltasAsync()).Select(delta => delta.DocumentId).Distinct().Count());
        Assert.Equal(PublisherFixture.KafkaPartitions, fixture.ControlRecords().Count);
    }

    [Fact]
    public async Task ObjectThatIsListedLookAfterLookAndNotThere_WritesNothing_AndKeepsNobodyFromTheEnd()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await fixture.PutAsync(First + "part-0.ndjson", Upsert("a"));
        await fixture.PutAsync(First + "part-1.ndjson", Upsert("gone"));
        var store = new ObservedStore(fixture.Store) { Finds = key => !key.EndsWith("part-1.ndjson", StringComparison.Ordinal) };

        await using var publisher = fixture.StartOver(store, ("Publisher:Until", EndOfFirst), ("Publisher:ExitWhenDone", "true"));
        await publisher.EndsAsync();

        Assert.Equal(1, publisher.Counter(Instruments.Transactions));
        Assert.Equal("a", Assert.Single(await fixture.DeltasAsync()).DocumentId);
    }

    [Theory]
    [InlineData("RequestTimeTooSkewed")]
    [InlineData("RequestTimeout")]
    [InlineData("OperationAborted")]
    public async Task StoreThatRefusesForAWhile_IsTriedAgain(string error)
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await fixture.PutAsync(First + "part-0.ndjson", Upsert("a"));
        using var refusal = stack.Inject(new FaultSpecification { Service = "s3", Operation = "ListObjectsV2", Target = $"{fixture.Bucket}*", Error = error, Times = 3 });

        await fixture.PublishAsync(EndOfFirst, ("Publisher:From", "2011-12-01T08:00:00Z"));

        Assert.Single(await fixture.DeltasAsync());
    }

    [Fact]
    public async Task KafkaThatDoesNotAnswer_HoldsThePublisher_WithinWhatMayWaitForIt()
    {
        const int Lines = 11_000;
        const long Megabyte = 1_000_000;
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        var title = new string('T', 10_000);
        var content = new StringBuilder();
        for (var i = 0; i < Lines; i++)
        {
            content.Append(System.Globalization.CultureInfo.InvariantCulture, $$"""{"documentId":"d{{i}}","kind":"upsert","eventTime":"2011-12-01T08:01:00Z","title":"{{title}}"}""").Append('\n');
        }

        await fixture.PutAsync(First + "part-0.ndjson", Encoding.UTF8.GetBytes(content.ToString()));
        var slow = stack.Inject(new FaultSpecification { Service = "kafka", Operation = "Produce", Latency = "1h" });
        await using var publisher = fixture.Start(("Publisher:Until", EndOfFirst), ("Publisher:ExitWhenDone", "true"));
        var before = 0L;
        await publisher.UntilAsync(
            () =>
            {
                Thread.Sleep(500);
                var (last, now) = (before, publisher.Counter(Instruments.StoreBytesRead));
                before = now;
                return now == last && now > 60 * Megabyte;
            },
            "reading stops");
        Assert.InRange(before, 60 * Megabyte, 85 * Megabyte);

        slow.Dispose();
        await publisher.EndsAsync();
        Assert.Equal(Lines, publisher.Counter(Instruments.RecordsPublished));
    }

    private static string Upsert(string id) => $$"""{"documentId":"{{id}}","kind":"upsert","eventTime":"2011-12-01T08:01:00Z","title":"T"}""";
}
