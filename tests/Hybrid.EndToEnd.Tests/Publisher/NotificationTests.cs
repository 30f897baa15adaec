using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Hybrid.Contracts.Measurement;

namespace Hybrid.EndToEnd.Tests.Publisher;

public sealed class NotificationTests(PublisherStack stack) : IClassFixture<PublisherStack>
{
    private const string Partition = "dt=2011-12-01/hh=08/mm=00/";

    [Fact]
    public async Task ObjectThatListingsHide_IsPublishedWhenItIsToldOf_AndOnceOnly()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await CreateTopicAsync(fixture);
        await fixture.PutAsync(Partition + "part-1.ndjson", Upsert("a"));
        var hides = true;
        var store = new ObservedStore(fixture.Store) { Shows = entry => !hides || !entry.Key.EndsWith("part-2.ndjson", StringComparison.Ordinal) };
        await using var publisher = fixture.StartOver(
            store, ("Publisher:NotificationTopic", fixture.Kafka.Topics.Prefix + "events"), ("Publisher:Until", "2011-12-01T08:05:00Z"));
        await publisher.UntilAsync(() => publisher.Counter(Instruments.RecordsPublished) == 1, "the object that is listed");

        await TellAsync(fixture, "no event");
        var tag = await fixture.PutAsync(Partition + "part-2.ndjson", Upsert("b"));
        await TellAsync(fixture, Created(fixture, Partition + "part-2.ndjson", tag!));
        await publisher.UntilAsync(() => publisher.Counter(Instruments.RecordsPublished) == 2, "the object that was told of");
        Assert.Equal(1, publisher.Counter(Instruments.LateObjects));

        hides = false;
        await TellAsync(fixture, Created(fixture, Partition + "part-2.ndjson", tag!));
        await TellAsync(fixture, Created(fixture, Partition + "part-9.ndjson", "never put"));
        await fixture.PutAsync(Partition + "part-3.ndjson", Upsert("c"));
        await publisher.UntilAsync(() => publisher.Counter(Instruments.RecordsPublished) == 3, "the object that only a listing showed");
        await publisher.StopAsync();

        Assert.Equal(["a", "b", "c"], (await fixture.DeltasAsync()).Select(delta => delta.DocumentId).Order());
    }

    [Fact]
    public async Task Told_ThePublisherDoesNotWaitForTheNextSweep()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await CreateTopicAsync(fixture);
        await fixture.PutAsync(Partition + "part-1.ndjson", Upsert("a"));
        await using var publisher = fixture.Start(
            ("Publisher:NotificationTopic", fixture.Kafka.Topics.Prefix + "events"),
            ("Publisher:PollInterval", "01:00:00"),
            ("Publisher:Until", "2011-12-01T08:05:00Z"));
        await publisher.UntilAsync(() => publisher.Counter(Instruments.RecordsPublished) == 1, "the first sweep");

        var tag = await fixture.PutAsync(Partition + "part-2.ndjson", Upsert("b"));
        await TellAsync(fixture, Created(fixture, Partition + "part-2.ndjson", tag!));

        await publisher.UntilAsync(() => publisher.Counter(Instruments.RecordsPublished) == 2, "the object within the hour");
    }

    private static async Task CreateTopicAsync(PublisherFixture fixture)
    {
        using var admin = fixture.Kafka.CreateAdmin();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = fixture.Kafka.Topics.Prefix + "events", NumPartitions = 2 }]);
    }

    private static async Task TellAsync(PublisherFixture fixture, string message)
    {
        using var producer = fixture.Kafka.CreateProducer();
        await producer.ProduceAsync(
            fixture.Kafka.Topics.Prefix + "events", new Message<byte[], byte[]> { Key = [], Value = Encoding.UTF8.GetBytes(message) });
    }

    private static string Created(PublisherFixture fixture, string key, string tag) => $$$$"""
        {"Records":[{"eventTime":"{{{{DateTimeOffset.UtcNow:O}}}}","eventName":"ObjectCreated:Put",
        "s3":{"bucket":{"name":"{{{{fixture.Bucket}}}}"},"object":{"key":"{{{{Uri.EscapeDataString(key)}}}}","size":1,"eTag":"{{{{tag}}}}"}}}]}
        """;

    private static string Upsert(string id) => $$"""{"documentId":"{{id}}","kind":"upsert","eventTime":"2011-12-01T08:01:00Z","title":"{{id}}"}""";
}
