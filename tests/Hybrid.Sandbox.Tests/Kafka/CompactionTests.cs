using Confluent.Kafka;

namespace Hybrid.Sandbox.Tests.Kafka;

public sealed class CompactionTests
{
    private static readonly TimeSpan Patience = RunningBroker.Patience;

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    public async Task CompactedTopic_OfFewKeys_KeepsTheLastRecordOfEachAtItsOffset(CompressionType compression)
    {
        await using var running = await StartAsync();
        await running.CreateTopicAsync("state", config: Compacted());
        using (var producer = running.Producer(config =>
        {
            config.CompressionType = compression;
            config.BatchNumMessages = 7;
        }))
        {
            for (var i = 0; i < 2000; i++)
            {
                producer.Produce("state", new Message<string, string> { Key = i < 20 ? $"rare-{i}" : $"often-{i % 5}", Value = $"{i}" });
            }
            producer.Flush(Patience);
        }

        await UntilAsync(() => running.ReadAll("state").Count < 500);

        var records = running.ReadAll("state");
        Assert.All(Enumerable.Range(0, 20), i => Assert.Single(records, record => record.Message.Key == $"rare-{i}"));
        Assert.All(records, record => Assert.Equal(record.Message.Value, $"{record.Offset.Value}"));
        Assert.Equal(
            Enumerable.Range(0, 5).Select(i => $"{1995 + i}"),
            Enumerable.Range(0, 5).Select(i => records.Last(record => record.Message.Key == $"often-{i}").Message.Value));

        await running.RestartAsync();
        Assert.True(running.ReadAll("state").Count <= records.Count);
        Assert.Equal("1999", running.ReadAll("state", from: 700)[^1].Message.Value);
    }

    [Fact]
    public async Task CompactedTopic_WrittenInTransactions_HidesTheAbortedAndKeepsTheLastCommitted()
    {
        await using var running = await StartAsync();
        await running.CreateTopicAsync("watermarks", config: Compacted());
        using (var producer = running.TransactionalProducer("publisher"))
        {
            producer.InitTransactions(Patience);
            for (var i = 0; i < 120; i++)
            {
                producer.BeginTransaction();
                producer.Produce("watermarks", new Message<string, string> { Key = "source", Value = $"{i}" });
                producer.Flush(Patience);
                if (i % 4 == 3)
                {
                    producer.AbortTransaction(Patience);
                }
                else
                {
                    producer.CommitTransaction(Patience);
                }
            }
        }

        await UntilAsync(() => running.ReadAll("watermarks").Count < 30);

        Assert.Equal("118", running.ReadAll("watermarks")[^1].Message.Value);
        Assert.All(running.ReadAll("watermarks"), record => Assert.NotEqual(3, int.Parse(record.Message.Value) % 4));
        foreach (var snapshot in Directory.EnumerateFiles(Path.Combine(running.Directory, "watermarks-0"), "*.snapshot"))
        {
            File.Delete(snapshot);
        }
        await running.RestartAsync();
        Assert.Equal("118", running.ReadAll("watermarks")[^1].Message.Value);
        Assert.All(running.ReadAll("watermarks"), record => Assert.NotEqual(3, int.Parse(record.Message.Value) % 4));
    }

    [Fact]
    public async Task Tombstone_AtTheEndOfWhatIsCompacted_GoesWithWhatItDeletes()
    {
        await using var running = await StartAsync();
        await running.CreateTopicAsync("state", config: new Dictionary<string, string>(Compacted()) { ["delete.retention.ms"] = "1" });
        using var producer = running.Producer(config => config.LingerMs = 500);
        foreach (var value in new[] { "old", "older", null })
        {
            producer.Produce("state", new Message<string, string> { Key = "deleted", Value = value! });
        }

        for (var segment = 0; segment < 2; segment++)
        {
            for (var i = 0; i < 100; i++)
            {
                producer.Produce("state", new Message<string, string> { Key = $"{segment}-{i}", Value = new string('x', 40) });
            }
            producer.Flush(Patience);
        }

        await UntilAsync(() => running.ReadAll("state").All(record => record.Message.Key != "deleted"));
        Assert.Equal(200, running.ReadAll("state").Count);
    }

    [Fact]
    public async Task Segments_ThatCompactionEmpties_AreDeleted()
    {
        await using var running = await StartAsync();
        await running.CreateTopicAsync("state", config: Compacted());
        using var producer = running.Producer(config => config.LingerMs = 0);
        for (var i = 0; i < 600; i++)
        {
            await producer.ProduceAsync("state", new Message<string, string> { Key = "same", Value = $"{i} {new string('x', 100)}" });
        }

        await UntilAsync(() => Directory.GetFiles(Path.Combine(running.Directory, "state-0"), "*.log").Length < 5);
        Assert.StartsWith("599 ", running.ReadAll("state", from: 10)[^1].Message.Value, StringComparison.Ordinal);
        await running.RestartAsync();
        Assert.StartsWith("599 ", running.ReadAll("state")[^1].Message.Value, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Compacted() => new()
    {
        ["cleanup.policy"] = "compact",
        ["segment.bytes"] = "2000",
        ["min.cleanable.dirty.ratio"] = "0.01",
    };

    private static Task<RunningBroker> StartAsync() =>
        RunningBroker.StartAsync(options => options with { RetentionCheckInterval = TimeSpan.FromMilliseconds(50) });

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
