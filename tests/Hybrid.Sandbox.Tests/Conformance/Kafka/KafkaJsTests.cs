using System.Text.Json;
using Hybrid.Sandbox.Tests.Conformance.Peers;
using Hybrid.Sandbox.Tests.Kafka;

namespace Hybrid.Sandbox.Tests.Conformance.Kafka;

[Trait("Peer", "node")]
public sealed class KafkaJsTests
{
    [Fact]
    public async Task KafkaJs_AsProducerConsumerGroupAdminAndTransaction_SeesWhatApacheKafkaShowsIt()
    {
        await using var running = await RunningBroker.StartAsync();

        var output = (await Peer.Node.RunAsync([Peer.Script("Kafka", "kafkajs.js"), running.Broker.BootstrapServers])).Succeeded();

        var seen = JsonDocument.Parse(output).RootElement;
        Assert.Equal(
            """{"created":true,"again":false,"partitions":3,"brokers":1,"controller":1,"retention":"604800000","cleanup":"compact,delete"}""",
            seen.GetProperty("topics").GetRawText());
        var records = seen.GetProperty("records");
        Assert.Equal("INVALID_RECORD", records.GetProperty("keyless").GetString());
        Assert.Equal("0", records.GetProperty("baseOffset").GetString());
        Assert.Equal(
            Enumerable.Range(0, 20).Select(i => $"v{i}"), records.GetProperty("values").EnumerateArray().Select(value => value.GetString()));
        Assert.Equal("h7", records.GetProperty("header").GetString());
        Assert.Equal("8", records.GetProperty("byTime").GetString());
        Assert.Equal("""["0","0","20"]""", records.GetProperty("ends").GetRawText());
        Assert.Equal(
            """
            {"state":"Stable","protocol":"RoundRobinAssigner","members":2,"busy":"NON_EMPTY_GROUP","sought":5,"paused":1,
            "committed":"20","listed":true,"left":false}
            """.ReplaceLineEndings(""),
            seen.GetProperty("group").GetRawText());
        Assert.Equal(
            """
            {"afterAbort":"-1","afterCommit":"9","fenced":"INVALID_PRODUCER_EPOCH","committed":["kept"],
            "all":["aborted","kept","zombie"]}
            """.ReplaceLineEndings(""),
            seen.GetProperty("transactions").GetRawText());
        Assert.Equal("""{"low":"12","left":[]}""", seen.GetProperty("deletion").GetRawText());
    }
}
