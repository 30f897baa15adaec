using Confluent.Kafka;
using Hybrid.Sandbox.Tests.Conformance.Peers;
using Hybrid.Sandbox.Tests.Kafka;

namespace Hybrid.Sandbox.Tests.Conformance.Kafka;

public sealed class CompactedTopicTests
{
    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    public async Task KeylessRecord_OnACompactedTopic_IsInvalid(CompressionType compression)
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("state", config: new() { ["cleanup.policy"] = "compact" });
        using var producer = running.Producer(config => config.CompressionType = compression);

        var refused = await Assert.ThrowsAsync<ProduceException<string, string>>(
            () => producer.ProduceAsync("state", new Message<string, string> { Key = null!, Value = new string('v', 500) }));

        Assert.Equal(ErrorCode.InvalidRecord, refused.Error.Code);
        var tombstone = await producer.ProduceAsync("state", new Message<string, string> { Key = "k", Value = null! });
        Assert.Equal(0, tombstone.Offset.Value);
    }

    [Fact]
    [Trait("Peer", "debian")]
    public async Task CompactedTopic_OfZstdBatches_RefusesKeylessRecordsAndIsCompacted()
    {
        await using var running = await RunningBroker.StartAsync(options => options with
        {
            RetentionCheckInterval = TimeSpan.FromMilliseconds(50),
        });
        await running.CreateTopicAsync("state", config: new()
        {
            ["cleanup.policy"] = "compact",
            ["segment.bytes"] = "1024",
            ["min.cleanable.dirty.ratio"] = "0.01",
        });
        string[] produce = ["-b", running.Broker.BootstrapServers, "-P", "-t", "state", "-z", "zstd", "-X", "batch.num.messages=20"];
        string[] consume = ["-b", running.Broker.BootstrapServers, "-C", "-t", "state", "-e", "-q", "-f", "%k=%s\\n"];

        var keyless = await Peer.Kcat.RunAsync(produce, string.Concat(Enumerable.Repeat("no key\n", 20)));
        var keyed = Enumerable.Range(0, 1000).Select(i => $"k{i % 7}:{i} {new string('v', 100)}");
        (await Peer.Kcat.RunAsync([.. produce, "-K:"], string.Join('\n', keyed))).Succeeded();

        Assert.Contains("validate record", keyless.Error, StringComparison.Ordinal);
        using var patience = new CancellationTokenSource(RunningBroker.Patience);
        string[] left;
        do
        {
            var output = await Peer.Kcat.RunAsync(consume, cancellationToken: patience.Token);
            left = output.Succeeded().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        while (left.Length > 100);
        Assert.All(Enumerable.Range(993, 7), i => Assert.Contains(left, line => line.StartsWith($"k{i % 7}={i} v", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task DeleteRecords_OfACompactedTopic_IsAgainstItsPolicy()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("state", config: new() { ["cleanup.policy"] = "compact" });
        using var admin = running.Admin();

        var refused = await Assert.ThrowsAsync<Confluent.Kafka.Admin.DeleteRecordsException>(
            () => admin.DeleteRecordsAsync([new TopicPartitionOffset("state", 0, 0)]));

        Assert.Equal(ErrorCode.PolicyViolation, refused.Results.Single().Error.Code);
    }
}
