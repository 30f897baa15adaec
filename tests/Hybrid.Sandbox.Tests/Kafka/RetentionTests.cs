using Confluent.Kafka;

namespace Hybrid.Sandbox.Tests.Kafka;

public sealed class RetentionTests
{
    private static readonly TimeSpan Patience = RunningBroker.Patience;

    [Fact]
    public async Task Records_PastTheRetentionTime_AreDeletedAndOffsetsGoOn()
    {
        await using var running = await StartAsync();
        await running.CreateTopicAsync("old", config: new() { ["retention.ms"] = "3600000" });
        using var producer = running.Producer();
        var longAgo = new Timestamp(DateTimeOffset.UtcNow.AddDays(-1));
        for (var i = 0; i < 10; i++)
        {
            producer.Produce("old", new Message<string, string> { Key = "k", Value = $"{i}", Timestamp = longAgo });
        }
        producer.Flush(Patience);

        await UntilAsync(() => Low(running, "old") == 10);

        Assert.Equal(10, (await producer.ProduceAsync("old", new Message<string, string> { Key = "k", Value = "new" })).Offset.Value);
        await running.RestartAsync();
        Assert.Equal(["new"], running.ReadAll("old").Select(record => record.Message.Value));
    }

    [Fact]
    public async Task Records_PastTheRetentionBytes_AreDeletedFromTheStart()
    {
        await using var running = await StartAsync();
        await running.CreateTopicAsync("big", config: new() { ["retention.bytes"] = "20000", ["segment.bytes"] = "5000" });
        using var producer = running.Producer(config => config.BatchNumMessages = 5);
        for (var i = 0; i < 1000; i++)
        {
            producer.Produce("big", new Message<string, string> { Key = "k", Value = new string('z', 100) });
        }
        producer.Flush(Patience);

        await UntilAsync(() => Low(running, "big") > 700);

        var left = running.ReadAll("big");
        Assert.Equal(999, left[^1].Offset.Value);
        Assert.Equal(Enumerable.Range((int)left[0].Offset.Value, left.Count), left.Select(record => (int)record.Offset.Value));
    }

    private static Task<RunningBroker> StartAsync() =>
        RunningBroker.StartAsync(options => options with { RetentionCheckInterval = TimeSpan.FromMilliseconds(50) });

    private static long Low(RunningBroker running, string topic)
    {
        using var consumer = running.Consumer("watermarks");
        return consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), Patience).Low.Value;
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!holds())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
