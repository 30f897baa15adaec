using System.Buffers.Binary;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Planning;
using Hybrid.Publisher.Progress;

namespace Hybrid.EndToEnd.Tests.Publisher;

public sealed class ShardTests(PublisherStack stack) : IClassFixture<PublisherStack>
{
    private const int Objects = 12;
    private static readonly DateTimeOffset s_first = DateTimeOffset.Parse("2011-12-01T08:00:00Z");

    [Fact]
    public async Task TwoShards_PublishEveryObjectOnce_AndTheSourcesWatermarkIsTheLeastOfTheirs()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await PutAsync(fixture, partitions: 2);

        await PublishAsync(fixture, "0", "2", partitions: 2);
        Assert.Empty(fixture.ControlRecords());

        await PublishAsync(fixture, "1", "2", partitions: 1);
        Assert.Equal([s_first.AddMinutes(5)], Watermarks(fixture));

        await PublishAsync(fixture, "1", "2", partitions: 2);
        Assert.Equal([s_first.AddMinutes(5), s_first.AddMinutes(10)], Watermarks(fixture));
        await AssertOnceAsync(fixture, partitions: 2);
    }

    [Fact]
    public async Task ShardsThatRunTogether_TellOfTheWholeSource_WhenTheLastIsDone()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await PutAsync(fixture, partitions: 3);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(shard => PublishAsync(fixture, $"{shard}", "3", partitions: 3)));

        Assert.Equal(s_first.AddMinutes(15), Watermarks(fixture).Max());
        await AssertOnceAsync(fixture, partitions: 3);
    }

    [Fact]
    public async Task ShardThatIsTakenOver_GoesOnWhereItStood_AndItsFormerPublisherStops()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await PutAsync(fixture, partitions: 2);
        await using var former = fixture.Start(
            ("Publisher:Shard", "1"), ("Publisher:Shards", "2"), ("Publisher:Until", $"{s_first.AddMinutes(5):O}"));
        await former.UntilAsync(() => former.Counter(Instruments.PartitionsPublished) == 1, "the first partition published");

        await PublishAsync(fixture, "1", "2", partitions: 2);
        await fixture.PutAsync("dt=2011-12-01/hh=08/mm=00/part-late.ndjson", Upsert("late"));
        await fixture.PutAsync("dt=2011-12-01/hh=08/mm=00/part-later.ndjson", Upsert("later"));
        await fixture.PutAsync("dt=2011-12-01/hh=08/mm=00/part-latest.ndjson", Upsert("latest"));

        var failure = await Assert.ThrowsAsync<HybridException>(former.EndsAsync);
        Assert.Equal(ExitCodes.FailureFound, failure.ExitCode);
        Assert.Equal(
            "another publisher took over shard 1/2 of source 'catalog' (transactional id hybrid-publisher-catalog-1-of-2): this one stops; run one publisher a shard",
            failure.Message);
        await PublishAsync(fixture, "0", "2", partitions: 2);
        await PublishAsync(fixture, "1", "2", partitions: 2);
        await AssertOnceAsync(fixture, partitions: 2, more: 3);
    }

    [Fact]
    public async Task NumberOfShards_CanBeChanged_WhereTheyStand()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await PutAsync(fixture, partitions: 4);

        await PublishAsync(fixture, "0", "1", partitions: 1);
        await PublishAsync(fixture, "1", "2", partitions: 2);
        await PublishAsync(fixture, "0", "2", partitions: 3);
        await PublishAsync(fixture, "0", "1", partitions: 4);

        await AssertOnceAsync(fixture, partitions: 4);
        Assert.Equal(s_first.AddMinutes(20), fixture.Progress().Watermark);
        Assert.Equal(4 * Objects, fixture.Progress().Counts.Records);
        Assert.Equal(Watermarks(fixture).Order(), Watermarks(fixture));
    }

    private static async Task PutAsync(PublisherFixture fixture, int partitions)
    {
        for (var partition = 0; partition < partitions; partition++)
        {
            for (var part = 0; part < Objects; part++)
            {
                await fixture.PutAsync($"dt=2011-12-01/hh=08/mm={5 * partition:00}/part-{part}.ndjson", Upsert($"d{partition}-{part}"));
            }
        }
    }

    private static Task PublishAsync(PublisherFixture fixture, string shard, string shards, int partitions) => fixture.PublishAsync(
        $"{s_first.AddMinutes(5 * partitions):O}", ("Publisher:Shard", shard), ("Publisher:Shards", shards), ("Publisher:From", $"{s_first:O}"));

    private static async Task AssertOnceAsync(PublisherFixture fixture, int partitions, int more = 0)
    {
        var documents = (await fixture.DeltasAsync()).Select(delta => delta.DocumentId).ToArray();
        Assert.Equal((partitions * Objects) + more, documents.Length);
        Assert.Equal(documents.Length, documents.Distinct().Count());
    }

    /// <summary>The watermarks that the consumers of one Kafka partition were told, each once.</summary>
    private static List<DateTimeOffset> Watermarks(PublisherFixture fixture) =>
        [.. fixture.ControlRecords()
            .Where(control => control.Partition == 0)
            .Select(control => DateTimeOffset.FromUnixTimeMilliseconds(
                BinaryPrimitives.ReadInt64BigEndian(control.Message.Headers.GetLastBytes(RecordHeaders.Watermark))))
            .Distinct()];

    private static string Upsert(string id) => $$"""{"documentId":"{{id}}","kind":"upsert","eventTime":"2011-12-01T08:01:00Z","title":"T"}""";
}
