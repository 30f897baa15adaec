using Confluent.Kafka;
using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Tests.Kafka;
using KafkaErrorCode = Confluent.Kafka.ErrorCode;

namespace Hybrid.Sandbox.Tests.Conformance.Kafka;

public sealed class ProduceRefusalTests
{
    [Fact]
    public async Task Produce_ToATopicThatWantsMoreReplicasThanThereAre_IsRefusedToWhoWaitsForAll()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("guarded", config: new() { ["min.insync.replicas"] = "2" });
        using var careful = running.Producer(config =>
        {
            config.Acks = Acks.All;
            config.MessageSendMaxRetries = 0;
        });
        using var careless = running.Producer(config => config.Acks = Acks.Leader);
        var record = new Message<string, string> { Key = "k", Value = "v" };

        var refused = await Assert.ThrowsAsync<ProduceException<string, string>>(() => careful.ProduceAsync("guarded", record));

        Assert.Equal(KafkaErrorCode.NotEnoughReplicas, refused.Error.Code);
        Assert.Equal(0, (await careless.ProduceAsync("guarded", record)).Offset.Value);
    }

    [Fact]
    public async Task Produce_OfARecordOverTheTopicsLimit_IsTooLarge()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("small", config: new() { ["max.message.bytes"] = "1000" });
        using var producer = running.Producer();

        var refused = await Assert.ThrowsAsync<ProduceException<string, string>>(
            () => producer.ProduceAsync("small", new Message<string, string> { Key = "k", Value = new string('v', 2000) }));

        Assert.Equal(KafkaErrorCode.MsgSizeTooLarge, refused.Error.Code);
        Assert.Equal(0, (await producer.ProduceAsync("small", new Message<string, string> { Key = "k", Value = "v" })).Offset.Value);
    }

    [Fact]
    public async Task Produce_ThatWantsNoAnswerAndIsRefused_LosesItsConnection()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("there");
        using var client = await WireClient.ConnectAsync(running.Broker.Port);

        await client.SendRawAsync(Request("there"));
        Assert.NotEmpty(await client.CallAsync(ApiKey.ListGroups, 0, _ => { }));
        await client.SendRawAsync(Request("missing"));

        Assert.True(await client.IsClosedAsync());

        static byte[] Request(string topic) => WireClient.Frame((short)ApiKey.Produce, 7, writer => writer
            .String(null).Int16(0).Int32(1000).Int32(1).String(topic).Int32(1).Int32(0).Bytes(WireClient.Batch()));
    }
}
