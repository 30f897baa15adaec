using System.Text;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.EndToEnd.Tests.Publisher;

public sealed class PublisherProgressTests(PublisherStack stack) : IClassFixture<PublisherStack>
{
    private const string First = "dt=2011-12-01/hh=08/mm=00/";
    private const string Second = "dt=2011-12-01/hh=08/mm=05/";
    private const string EndOfFirst = "2011-12-01T08:05:00Z";
    private const string EndOfSecond = "2011-12-01T08:10:00Z";

    [Theory]
    [InlineData("part-0.ndjson", false)]
    [InlineData("part-0.ndjson.gz", true)]
    public async Task LargeObject_IsPublishedInSeveralTransactions_AndResumedInItsMiddle(string name, bool gzip)
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        var lines = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 5_000).Select(i => i % 500 == 7 ? "{oops" : Upsert($"d{i % 50}", "2011-12-01T08:01:00Z"))));
        await fixture.PutAsync(First + name, gzip ? PublisherFixture.Gzip(lines) : lines);
        var opened = 0;
        var broken = new ObservedStore(fixture.Store)
        {
            BeforeOpen = (_, _) => Task.FromResult(Interlocked.Increment(ref opened)),
            Body = (_, body) => Volatile.Read(ref opened) == 1 ? new BreakingStream(body, gzip ? 8_000 : 250_000) : body,
        };

        await using (var publisher = fixture.StartOver(
            broken, ("Publisher:Until", EndOfFirst), ("Publisher:ExitWhenDone", "true"), ("Publisher:TransactionRecords", "1000")))
        {
            await publisher.EndsAsync();
            Assert.True(publisher.Counter(Instruments.Transactions) >= 5);
            Assert.Equal(5_000, publisher.Counter(Instruments.LinesRead));
        }

        var deltas = await fixture.DeltasAsync();
        Assert.Equal(4_990, deltas.Count);
        Assert.All(deltas.GroupBy(delta => delta.DocumentId), document => Assert.Equal(document.Select(delta => delta.Version).Order().Distinct(), document.Select(delta => delta.Version)));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{(500 * i) + 8}"), fixture.DeadLetters().Select(letter => PublisherFixture.Header(letter, RecordHeaders.DeadLetterLine)));
        var cursors = fixture.History().Where(progress => progress.Cursor is not null).ToArray();
        Assert.NotEmpty(cursors);
        Assert.All(cursors, progress => Assert.Equal(DateTimeOffset.Parse("2011-12-01T08:00:00Z"), progress.Watermark));
        Assert.All(cursors, progress => Assert.Equal(progress.Cursor!.Line, progress.Counts.Lines));
        Assert.Null(fixture.Progress().Cursor);
        Assert.Equal(PublisherFixture.KafkaPartitions, fixture.ControlRecords().Count);
    }

    [Fact]
    public async Task ManyPartitions_MostOfThemEmpty_ShareTransactions()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await fixture.PutAsync(First + "part-0.ndjson", Upsert("a", "2011-12-01T08:01:00Z"));
        await fixture.PutAsync("dt=2011-12-07/hh=08/mm=00/part-0.ndjson", Upsert("b", "2011-12-07T08:01:00Z"));

        await using var publisher = fixture.Start(("Publisher:Until", "2011-12-08T08:00:00Z"), ("Publisher:ExitWhenDone", "true"));
        await publisher.EndsAsync();

        Assert.Equal(7 * 288, publisher.Counter(Instruments.PartitionsPublished));
        Assert.InRange(publisher.Counter(Instruments.Transactions), 1, 20);
        Assert.InRange(publisher.Counter(Instruments.Listings), 1, 4);
        Assert.Equal(["a", "b"], (await fixture.DeltasAsync()).Select(delta => delta.DocumentId).Order());
    }

    [Fact]
    public async Task MarkerMode_PublishesOnceTheMarkerIsThere_AndNotBefore()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await fixture.PutAsync(First + "part-0.ndjson", Upsert("a", "2011-12-01T08:01:00Z"));
        await fixture.PutAsync(Second + "part-0.ndjson", Upsert("b", "2011-12-01T08:06:00Z"));
        await fixture.PutAsync(Second + "_DONE");
        await using var publisher = fixture.Start(
            ("Publisher:Until", EndOfSecond), ("Publisher:ExitWhenDone", "true"), ("Publisher:Mode", "marker"), ("Publisher:Marker", "_DONE"));
        await publisher.UntilAsync(() => publisher.Counter(Instruments.Listings) > 5, "several listings");
        Assert.Equal(0, publisher.Counter(Instruments.PartitionsPublished));
        Assert.Equal(2, publisher.Counter(Instruments.ObjectsDiscovered));
        Assert.Equal(2, publisher.Gauge(Instruments.PublisherLagPartitions));

        await fixture.PutAsync(First + "_DONE");
        await publisher.EndsAsync();

        Assert.Equal(["a", "b"], (await fixture.DeltasAsync()).Select(delta => delta.DocumentId).Order());
        Assert.Equal(0, publisher.Gauge(Instruments.PublisherLagPartitions));
    }

    [Fact]
    public async Task Latest_InMarkerMode_GoesToTheNewestThatHasItsMarker()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await fixture.PutAsync(First + "part-0.ndjson", Upsert("a", "2011-12-01T08:01:00Z"));
        await fixture.PutAsync(Second + "part-0.ndjson", Upsert("b", "2011-12-01T08:06:00Z"));
        await fixture.PutAsync(Second + "_SUCCESS");
        await fixture.PutAsync("dt=2011-12-01/hh=08/mm=10/part-0.ndjson", Upsert("c", "2011-12-01T08:11:00Z"));

        await fixture.PublishAsync("2011-12-01T07:05:00Z", ("Publisher:From", "2011-12-01T07:00:00Z"));
        await using var publisher = fixture.Start(
            ("Publisher:Until", "2011-12-01T08:15:00Z"), ("Publisher:Mode", "marker"), ("Publisher:Restart", "latest"));
        await publisher.UntilAsync(() => publisher.Counter(Instruments.PartitionsPublished) == 1, "the marked partition published");
        await publisher.StopAsync();

        Assert.Equal("b", Assert.Single(await fixture.DeltasAsync()).DocumentId);
        Assert.Equal(DateTimeOffset.Parse(EndOfSecond), fixture.Progress().Watermark);
        Assert.Equal(12, Assert.Single(fixture.Progress().Skipped).Partitions);
    }

    [Fact]
    public async Task QuietMode_PublishesOnceNothingChangesAnyMore()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await fixture.PutAsync(First + "part-0.ndjson", Upsert("a", "2011-12-01T08:01:00Z"));
        await using var publisher = fixture.Start(
            ("Publisher:Until", EndOfFirst), ("Publisher:ExitWhenDone", "true"), ("Publisher:Mode", "quiet"), ("Publisher:QuietListings", "4"));

        await publisher.EndsAsync();

        Assert.True(publisher.Counter(Instruments.Listings) >= 4);
        Assert.Single(await fixture.DeltasAsync());
    }

    [Fact]
    public async Task ObjectThatIsDeletedAfterwards_IsReportedOnce_AndItsRecordsStand()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await fixture.PutAsync(First + "part-0.ndjson", Upsert("a", "2011-12-01T08:01:00Z"));
        var deleted = false;
        var store = new ObservedStore(fixture.Store)
        {
            Shows = _ => !Volatile.Read(ref deleted),
            Finds = _ => !Volatile.Read(ref deleted),
        };
        await using var publisher = fixture.StartOver(store, ("Publisher:Until", EndOfFirst));
        await publisher.UntilAsync(() => publisher.Counter(Instruments.PartitionsPublished) == 1, "the partition published");

        Volatile.Write(ref deleted, true);
        await publisher.UntilAsync(() => publisher.Counter(Instruments.DeletedObjects) == 1, "the deletion reported");
        var listings = publisher.Counter(Instruments.Listings);
        await publisher.UntilAsync(() => publisher.Counter(Instruments.Listings) > listings + 2, "more listings");
        await publisher.StopAsync();

        Assert.Equal(1, publisher.Counter(Instruments.DeletedObjects));
        Assert.Equal(1, fixture.Progress().Counts.DeletedObjects);
        Assert.True(Assert.Single(fixture.Progress().Objects).Gone);
        Assert.Single(await fixture.DeltasAsync());
    }

    [Fact]
    public async Task SourceThatTurnsToGarbage_StopsThePublisher_AndNothingOfItsTransactionIsThere()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await fixture.PutAsync(First + "part-0.ndjson", Upsert("a", "2011-12-01T08:01:00Z"));
        await fixture.PublishAsync(EndOfFirst);
        await fixture.PutAsync(Second + "part-0.ndjson", [.. Enumerable.Repeat("<html>", 5_000)]);

        await using var publisher = fixture.Start(("Publisher:Until", EndOfSecond), ("Publisher:ExitWhenDone", "true"));
        var failure = await Assert.ThrowsAsync<HybridException>(publisher.EndsAsync);

        Assert.Equal(ExitCodes.FailureFound, failure.ExitCode);
        Assert.Matches("^1024 of the last 1024 lines up to object 'dt=2011-12-01/hh=08/mm=05/part-0.ndjson' are bad, the last because: ", failure.Message);
        Assert.Empty(fixture.DeadLetters());
        Assert.Equal(DateTimeOffset.Parse(EndOfFirst), fixture.Progress().Watermark);

        await fixture.PublishAsync(EndOfSecond, ("Publisher:MaxErrorShare", "1"));
        Assert.Equal(5_000, fixture.DeadLetters().Count);
    }

    [Fact]
    public async Task Backfill_GoesToATopicOfItsOwn_AndLeavesTheLiveWatermarkAlone()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await fixture.PutAsync(First + "part-0.ndjson", Upsert("a", "2011-12-01T08:01:00Z"));
        await fixture.PutAsync(Second + "part-0.ndjson", Upsert("b", "2011-12-01T08:06:00Z"));
        await fixture.PutAsync("dt=2011-12-01/hh=08/mm=10/part-0.ndjson", Upsert("c", "2011-12-01T08:11:00Z"));
        await fixture.PublishAsync(EndOfSecond);

        await using (var backfill = fixture.Start(("Publisher:BackfillFrom", "2011-12-01T08:05:00Z")))
        {
            await backfill.EndsAsync();
        }

        var topic = fixture.Kafka.Topics.Prefix + TopicNames.DefaultBackfill;
        Assert.Equal("b", (await fixture.DeltasAsync(topic)).Single().DocumentId);
        Assert.Equal(2, (await fixture.DeltasAsync()).Count);
        Assert.Equal(
            [("catalog", EndOfSecond), ("catalog@20111201T080500Z", EndOfSecond)],
            fixture.History().Select(progress => (progress.Source, progress.Watermark.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"))).Distinct());

        await fixture.PublishAsync("2011-12-01T08:15:00Z");
        Assert.Equal(3, (await fixture.DeltasAsync()).Count);
    }

    [Fact]
    public async Task CatchUp_HoldsItsRate()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await fixture.PutAsync(First + "part-0.ndjson", [.. Enumerable.Range(0, 1_000).Select(i => Upsert($"d{i}", "2011-12-01T08:01:00Z"))]);
        var began = System.Diagnostics.Stopwatch.GetTimestamp();

        await fixture.PublishAsync(EndOfFirst, ("Publisher:MaxRecordsPerSecond", "1000"), ("Publisher:MaxPartitionsPerCycle", "1"));

        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(0.95));
        Assert.Equal(1_000, (await fixture.DeltasAsync()).Count);
    }

    [Fact]
    public async Task ShardBeyondTheLast_IsAWrongCall()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);

        await using var publisher = fixture.Start(("Publisher:Shard", "2"), ("Publisher:Shards", "2"));

        var failure = await Assert.ThrowsAsync<HybridException>(publisher.EndsAsync);
        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
    }

    private static string Upsert(string id, string eventTime) =>
        $$"""{"documentId":"{{id}}","kind":"upsert","eventTime":"{{eventTime}}","title":"T"}""";
}
