using System.Text.Json;
using Hybrid.Sandbox.Tests.Conformance.Peers;
using Hybrid.Sandbox.Tests.Kafka;

namespace Hybrid.Sandbox.Tests.Conformance.Kafka;

[Trait("Peer", "debian")]
public sealed class KafkaPythonTests
{
    [Fact]
    public async Task KafkaPython_AsProducerConsumerGroupAndAdmin_SeesWhatApacheKafkaShowsIt()
    {
        await using var running = await RunningBroker.StartAsync();

        var output = (await Peer.Python.RunAsync(
            [Peer.Script("Kafka", "kafka_python.py"), running.Broker.BootstrapServers])).Succeeded();

        var seen = JsonDocument.Parse(output).RootElement;
        Assert.Equal(
            """{"created": [0, 0], "exists": "TopicAlreadyExistsError", "partitions": 4, "cleanup": ["compact"], "brokers": 1}""",
            seen.GetProperty("topics").GetRawText());
        var records = seen.GetProperty("records");
        Assert.Equal(Enumerable.Range(0, 30), records.GetProperty("offsets").EnumerateArray().Select(offset => offset.GetInt32()));
        Assert.Equal(
            Enumerable.Range(0, 30).Select(i => $"v{i}"), records.GetProperty("values").EnumerateArray().Select(value => value.GetString()));
        Assert.Equal("[1, 2]", records.GetProperty("header").GetRawText());
        Assert.Equal(3000, records.GetProperty("timestamp").GetInt64());
        Assert.Equal(0, records.GetProperty("plain").GetInt64());
        Assert.Equal("MessageSizeTooLargeError", records.GetProperty("huge").GetString());
        Assert.Equal("[8, 8000]", records.GetProperty("times").GetRawText());
        Assert.Equal(JsonValueKind.Null, records.GetProperty("late").ValueKind);
        Assert.Equal("""["v25", "v26", "v27", "v28", "v29"]""", records.GetProperty("sought").GetRawText());
        Assert.Equal(0, records.GetProperty("paused").GetInt32());
        Assert.Equal("""["v29"]""", records.GetProperty("resumed").GetRawText());
        Assert.Equal("[0, 30]", records.GetProperty("ends").GetRawText());
        Assert.Equal(
            """
            {"shared": [0, 1, 2, 3], "state": "Stable", "protocol": "range", "members": 2, "committed": [17, "note"],
             "offsets": [[0, 17]], "listed": true, "deleted": "NoError", "left": false}
            """.ReplaceLineEndings(""),
            seen.GetProperty("group").GetRawText());
        Assert.Equal("[]", seen.GetProperty("left").GetRawText());
    }
}
