using System.Text.Json;
using Confluent.Kafka;
using Hybrid.Sandbox.Tests.Conformance.Peers;
using Hybrid.Sandbox.Tests.Kafka;

namespace Hybrid.Sandbox.Tests.Conformance.Kafka;

[Trait("Peer", "debian")]
public sealed class KcatTests
{
    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task Consume_OfWhatKcatProducedInACodec_GivesKeysValuesAndHeaders(string codec)
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("packed");
        var lines = Enumerable.Range(0, 100).Select(i => $"k{i}:{new string('v', 50)}{i}").ToArray();

        await KcatAsync(running, ["-P", "-t", "packed", "-K:", "-z", codec, "-H", "hybrid-closed=now"], string.Join('\n', lines));
        var consumed = await KcatAsync(running, ["-C", "-t", "packed", "-e", "-q", "-f", "%o %k:%s %h\\n"]);

        Assert.Equal(lines.Select((line, i) => $"{i} {line} hybrid-closed=now"), Lines(consumed));
    }

    [Fact]
    public async Task Metadata_AsKcatListsIt_NamesTheBrokerTheTopicAndItsPartitions()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("listed", partitions: 3);

        var metadata = JsonDocument.Parse(await KcatAsync(running, ["-L", "-J"])).RootElement;

        Assert.Equal(running.Broker.BootstrapServers, metadata.GetProperty("brokers").EnumerateArray().Single().GetProperty("name").GetString());
        Assert.Equal(1, metadata.GetProperty("controllerid").GetInt32());
        var topic = metadata.GetProperty("topics").EnumerateArray().Single();
        Assert.Equal("listed", topic.GetProperty("topic").GetString());
        Assert.Equal(
            [0, 1, 2], topic.GetProperty("partitions").EnumerateArray().Select(partition => partition.GetProperty("partition").GetInt32()));
        Assert.All(topic.GetProperty("partitions").EnumerateArray(), partition => Assert.Equal(
            """{"leader":1,"replicas":[{"id":1}],"isrs":[{"id":1}]}""",
            partition.GetRawText().Replace($"\"partition\":{partition.GetProperty("partition").GetInt32()},", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Query_OfOffsets_GivesTheFirstTheNextAndThatOfATime()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("asked");
        using (var producer = running.Producer())
        {
            for (var i = 0; i < 10; i++)
            {
                var timestamp = new Timestamp(1_322_726_400_000 + i * 1000, TimestampType.CreateTime);
                await producer.ProduceAsync("asked", new Message<string, string> { Key = "k", Value = "v", Timestamp = timestamp });
            }
        }

        Assert.Equal("asked [0] offset 0\n", await KcatAsync(running, ["-Q", "-t", "asked:0:-2"]));
        Assert.Equal("asked [0] offset 10\n", await KcatAsync(running, ["-Q", "-t", "asked:0:-1"]));
        Assert.Equal("asked [0] offset 7\n", await KcatAsync(running, ["-Q", "-t", "asked:0:1322726406500"]));
    }

    [Fact]
    public async Task Group_OfKcat_GoesOnWhereItStopped()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("first", partitions: 2);
        await running.CreateTopicAsync("second");
        string[] member = ["-G", "cats", "-e", "-q", "-X", "auto.offset.reset=earliest", "-f", "%t %s\\n", "first", "second"];
        await KcatAsync(running, ["-P", "-t", "first"], "a\nb\nc\n");
        await KcatAsync(running, ["-P", "-t", "second"], "d\n");

        var before = Lines(await KcatAsync(running, member)).Order();
        await running.RestartAsync();
        await KcatAsync(running, ["-P", "-t", "second"], "e\n");
        var after = Lines(await KcatAsync(running, member));

        Assert.Equal(["first a", "first b", "first c", "second d"], before);
        Assert.Equal(["second e"], after);
    }

    [Fact]
    public async Task Produce_InATransactionOfKcat_IsCommittedOnceWithATombstone()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("ledger", config: new() { ["cleanup.policy"] = "compact" });

        await KcatAsync(running, ["-P", "-t", "ledger", "-K:", "-Z", "-X", "transactional.id=cat"], "k1:kept\nk2:\n");
        await KcatAsync(running, ["-P", "-t", "ledger", "-K:", "-X", "enable.idempotence=true"], "k3:once\n");
        var consumed = await KcatAsync(
            running, ["-C", "-t", "ledger", "-e", "-q", "-X", "isolation.level=read_committed", "-f", "%o %k %S %s\\n"]);

        Assert.Equal(["0 k1 4 kept", "1 k2 -1 ", "3 k3 4 once"], Lines(consumed));
    }

    private static async Task<string> KcatAsync(RunningBroker running, IEnumerable<string> arguments, string? input = null) =>
        (await Peer.Kcat.RunAsync(["-b", running.Broker.BootstrapServers, .. arguments], input)).Succeeded();

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
