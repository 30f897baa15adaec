using System.Net;
using System.Net.Http.Json;
using System.Text;
using Amazon.S3;
using Confluent.Kafka;

namespace Hybrid.Sandbox.Tests.Faults;

public sealed class FullDiskTests(FaultFixture fixture) : IClassFixture<FaultFixture>
{
    /// <summary>No room at all, and room for part of what is written.</summary>
    public static TheoryData<string> Room => new("0", "20");

    [Theory]
    [MemberData(nameof(Room))]
    public async Task Kafka_SaysStorageErrorAndGoesOn(string room)
    {
        var topic = "full-" + room;
        await fixture.CreateTopicAsync(topic);
        using (var hasty = fixture.Producer(config => (config.EnableIdempotence, config.MessageSendMaxRetries) = (false, 0)))
        using (var patient = fixture.Producer())
        {
            await ProduceAsync(patient, topic, "before");
            Task waiting;
            using (fixture.Inject(new() { Service = "kafka", DiskFull = room }))
            {
                var refused = await Assert.ThrowsAsync<ProduceException<string, string>>(() => ProduceAsync(hasty, topic, "refused"));
                Assert.Equal(ErrorCode.KafkaStorageError, refused.Error.Code);
                waiting = ProduceAsync(patient, topic, "waiting");
            }

            await waiting;
            await ProduceAsync(hasty, topic, "after");
        }

        Assert.Equal(["before", "waiting", "after"], fixture.Records(topic));
        await fixture.RestartAsync();
        Assert.Equal(["before", "waiting", "after"], fixture.Records(topic));
    }

    [Fact]
    public async Task Kafka_CommitsATransactionAndItsOffsetsOnceThereIsRoom()
    {
        await fixture.CreateTopicAsync("full-transaction");
        using var producer = fixture.Producer(config => config.TransactionalId = "full");
        producer.InitTransactions(FaultFixture.Patience);
        producer.BeginTransaction();
        producer.Produce("full-transaction", new Message<string, string> { Key = "k", Value = "v" });
        producer.Flush(FaultFixture.Patience);
        Task commit;
        using (var fault = fixture.Inject(new() { Service = "kafka", DiskFull = "0" }))
        {
            commit = Task.Run(() => producer.CommitTransaction(FaultFixture.Patience));
            await FaultFixture.UntilAsync(() => Task.FromResult(fault.Status.Hits > 0));
        }

        await commit;
        Assert.Equal(["v"], fixture.Records("full-transaction"));
    }

    [Theory]
    [MemberData(nameof(Room))]
    public async Task S3_SaysInternalErrorAndKeepsNothingHalf(string room)
    {
        var prefix = $"full-{room}/";
        await fixture.PutAsync(prefix + "before", "before");
        using (fixture.Inject(new() { Service = "s3", DiskFull = room }))
        {
            var refused = await Assert.ThrowsAsync<AmazonS3Exception>(() => fixture.PutAsync(prefix + "refused", new string('x', 100_000)));
            await Assert.ThrowsAsync<AmazonS3Exception>(() => fixture.PutAsync(prefix + "before", "replaced"));

            Assert.Equal((HttpStatusCode.InternalServerError, "InternalError"), (refused.StatusCode, refused.ErrorCode));
            Assert.Contains("No space left", refused.Message, StringComparison.Ordinal);
        }

        await fixture.PutAsync(prefix + "after");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(fixture.DataDirectory, "s3", "tmp")));
        await fixture.RestartAsync();
        Assert.Equal([prefix + "after", prefix + "before"], await fixture.ListAsync(prefix));
        Assert.Equal("before", await fixture.ReadAsync(prefix + "before"));
    }

    [Theory]
    [MemberData(nameof(Room))]
    public async Task Solr_SaysServerErrorAndTakesTheUpdateBack(string room)
    {
        await UpdateAsync(room + "before", HttpStatusCode.OK);
        using (fixture.Inject(new() { Service = "solr", DiskFull = room }))
        {
            Assert.Contains("No space left", await UpdateAsync(room + "refused", HttpStatusCode.InternalServerError), StringComparison.Ordinal);
            Assert.Contains("\"doc\":null", await GetAsync($"{fixture.Solr}/get?id={room}refused"), StringComparison.Ordinal);
        }

        await UpdateAsync(room + "after", HttpStatusCode.OK);
        await fixture.RestartAsync();
        var found = await GetAsync($"{fixture.Solr}/select?q=id:{room}*&fl=id&sort=id+asc&wt=json&omitHeader=true");
        Assert.Contains($$""""docs":[{"id":"{{room}}after"},{"id":"{{room}}before"}]"""", found.Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Room))]
    public async Task Registry_SaysThatItsStoreFailedAndForgetsTheSchema(string room)
    {
        await RegisterAsync($"full-{room}-before", HttpStatusCode.OK);
        using (fixture.Inject(new() { Service = "registry", DiskFull = room }))
        {
            Assert.Contains("50001", await RegisterAsync($"full-{room}-refused", HttpStatusCode.InternalServerError), StringComparison.Ordinal);
        }

        await RegisterAsync($"full-{room}-after", HttpStatusCode.OK);
        await fixture.RestartAsync();
        var subjects = await GetAsync($"{fixture.Registry}/subjects?subjectPrefix=full-{room}-");
        Assert.Equal($"""["full-{room}-after","full-{room}-before"]""", subjects);
    }

    private static Task ProduceAsync(IProducer<string, string> producer, string topic, string value) =>
        producer.ProduceAsync(topic, new Message<string, string> { Key = "k", Value = value });

    private Task<string> GetAsync(string address) => fixture.Http.GetStringAsync(address);

    private async Task<string> UpdateAsync(string id, HttpStatusCode expected)
    {
        using var content = new StringContent($$"""[{"id":"{{id}}"}]""", Encoding.UTF8, "application/json");
        using var answer = await fixture.Http.PostAsync($"{fixture.Solr}/update?commit=true", content);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(expected == answer.StatusCode, body);
        return body;
    }

    private async Task<string> RegisterAsync(string subject, HttpStatusCode expected)
    {
        var schema = $$"""{"type":"record","name":"{{subject.Replace('-', '_')}}","fields":[]}""";
        using var answer = await fixture.Http.PostAsJsonAsync($"{fixture.Registry}/subjects/{subject}/versions", new { schema });
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(expected == answer.StatusCode, body);
        return body;
    }
}
