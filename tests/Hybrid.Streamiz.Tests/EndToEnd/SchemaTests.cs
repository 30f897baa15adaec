using System.Buffers.Binary;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Solr;

namespace Hybrid.Streamiz.Tests.EndToEnd;

/// <summary>An incompatible writer, and the lane with each Avro adapter of this build.</summary>
public sealed class SchemaTests(Stack stack) : IClassFixture<Stack>
{
    private const string Incompatible =
        """{"type":"record","name":"CatalogDelta","namespace":"hybrid.contracts","fields":[{"name":"documentId","type":"long"}]}""";

    public static TheoryData<string> Adapters => AvroRegistration.HasConfluent ? new("builtin", "confluent") : new("builtin");

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task AnIncompatibleVersion_StopsTheLane_BeforeItTouchesTheIndex(string adapter)
    {
        var settings = stack.Settings();
        settings["Avro:Adapter"] = adapter;
        settings["Kafka:TopicPrefix"] = $"first-{adapter}.";
        await RegisterAsync(settings, $"first-{adapter}.hybrid.deltas-value");

        var failure = await Assert.ThrowsAsync<HybridException>(() => RunningLane.StartAsync(settings));

        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
        Assert.StartsWith("version 1 of", failure.Message, StringComparison.Ordinal);
        using var index = new SolrReader(new SolrOptions { Url = settings["Solr:Url"]! }, settings["Solr:Collection"]!);
        Assert.Equal(404, (await Assert.ThrowsAsync<SolrException>(() => index.CountAsync(tombstones: true, default))).Status);
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task AnIncompatibleWriter_StopsTheLaneInMidRun_AndItsRecordIsNotCommitted(string adapter)
    {
        var settings = stack.Settings();
        settings["Avro:Adapter"] = adapter;
        using var topic = await DeltasTopic.CreateAsync(settings);
        topic.Publish(Deltas.Upsert("a"));
        await using var lane = await RunningLane.StartAsync(settings);
        await lane.CaughtUpAsync(1);

        var schema = await RegisterAsync(settings, "writers-own-value");
        var value = new byte[6];
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(1), schema);
        value[5] = 2;
        topic.PublishRaw("a"u8.ToArray(), value);
        var failure = await Assert.ThrowsAsync<HybridException>(() => lane.Completion.WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
        Assert.Contains("deploy a Hybrid that knows it", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["a"], (await lane.DocumentsAsync()).Keys);
        Assert.Equal(1, topic.Uncommitted());
        Assert.Empty(topic.DeadLetters());
    }

    private static async Task<int> RegisterAsync(Dictionary<string, string?> settings, string subject)
    {
        using var registry = new SchemaRegistryClient(new AvroOptions { RegistryUrl = settings["Avro:RegistryUrl"]! });
        return await registry.RegisterAsync(subject, Incompatible, CancellationToken.None);
    }
}
