using Confluent.Kafka;

namespace Hybrid.Sandbox.Tests.Kafka;

/// <summary>When a log starts a new file, and what its files and indexes are good for after.</summary>
public sealed class SegmentTests
{
    private static readonly TimeSpan Patience = RunningBroker.Patience;
    private static readonly DateTimeOffset Begin = new(2011, 12, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Record_LaterThanSegmentMs_StartsANewSegment()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("aged", config: new() { ["segment.ms"] = "600000", ["retention.ms"] = "-1" });
        using var producer = running.Producer();
        foreach (var minute in new[] { 0, 5, 10, 11, 12, 25 })
        {
            await ProduceAsync(producer, "aged", "k", $"{minute}", Begin.AddMinutes(minute));
        }

        Assert.Equal([0L, 3, 5], Segments(running, "aged"));
        Assert.Equal(6, running.ReadAll("aged").Count);
    }

    [Fact]
    public async Task Time_OverManySegments_IsFoundAlsoAfterARestartAndWithoutIndexes()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("times", config: new()
        {
            ["segment.bytes"] = "5000", ["index.interval.bytes"] = "500", ["retention.ms"] = "-1",
        });
        using (var producer = running.Producer())
        {
            for (var i = 0; i < 300; i++)
            {
                await ProduceAsync(producer, "times", "k", $"{i}", Begin.AddSeconds(2 * i));
            }
        }
        Assert.True(Segments(running, "times").Length > 3);

        AssertTimesAreFound(running);
        await running.RestartAsync();
        AssertTimesAreFound(running);
        await running.StopAsync();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(running.Directory, "times-0"), "*.index"))
        {
            await File.WriteAllBytesAsync(file, [1, 2, 3]);
        }
        await running.RestartAsync();
        AssertTimesAreFound(running);
    }

    [Fact]
    public async Task Restart_WithABitTurnedInTheLastBatch_CutsItOffAndKeepsTheOthers()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("rotten");
        using (var producer = running.Producer())
        {
            for (var i = 0; i < 20; i++)
            {
                await ProduceAsync(producer, "rotten", "k", $"{i}", DateTimeOffset.UtcNow);
            }
        }
        await running.StopAsync();
        await using (var file = new FileStream(Path.Combine(running.Directory, "rotten-0", "00000000000000000000.log"), FileMode.Open))
        {
            file.Seek(-3, SeekOrigin.End);
            var last = file.ReadByte();
            file.Seek(-1, SeekOrigin.Current);
            file.WriteByte((byte)(last ^ 0x10));
        }

        await running.RestartAsync();

        Assert.Equal(Enumerable.Range(0, 19).Select(i => $"{i}"), running.ReadAll("rotten").Select(record => record.Message.Value));
    }

    [Fact]
    public async Task CompactedTopic_WithAMinimumLag_KeepsWhatIsYounger()
    {
        await using var running = await StartTidyAsync();
        await running.CreateTopicAsync("young", config: Compacted(("min.compaction.lag.ms", "3600000")));
        await running.CreateTopicAsync("any-age", config: Compacted());
        await FillAsync(running, "young", DateTimeOffset.UtcNow);
        await FillAsync(running, "any-age", DateTimeOffset.UtcNow);

        await UntilAsync(() => running.ReadAll("any-age").Count < 100);

        Assert.Equal(200, running.ReadAll("young").Count);
    }

    [Fact]
    public async Task CompactedTopic_WithAMaximumLag_IsCompactedHoweverLittleIsNew()
    {
        await using var running = await StartTidyAsync();
        await running.CreateTopicAsync("late", config: Compacted(("max.compaction.lag.ms", "60000"), ("min.cleanable.dirty.ratio", "1")));
        await FillAsync(running, "late", Begin);
        await UntilAsync(() => running.ReadAll("late").Count < 100);

        // Little is new now beside what is compacted, but it is old.
        await FillAsync(running, "late", Begin.AddDays(1));

        await UntilAsync(() => running.ReadAll("late").Count < 100);
    }

    private static void AssertTimesAreFound(RunningBroker running)
    {
        using var consumer = running.Consumer("times");
        foreach (var (seconds, offset) in new[] { (-1000, 0), (0, 0), (1, 1), (201, 101), (400, 200), (598, 299) })
        {
            var wanted = new TopicPartitionTimestamp("times", 0, new Timestamp(Begin.AddSeconds(seconds)));
            Assert.Equal(offset, Assert.Single(consumer.OffsetsForTimes([wanted], Patience)).Offset.Value);
        }
        var future = new TopicPartitionTimestamp("times", 0, new Timestamp(Begin.AddDays(1)));
        Assert.Equal(Offset.End, Assert.Single(consumer.OffsetsForTimes([future], Patience)).Offset);
    }

    private static async Task FillAsync(RunningBroker running, string topic, DateTimeOffset from)
    {
        using var producer = running.Producer(config => config.BatchNumMessages = 5);
        var sent = Enumerable.Range(0, 200).Select(i => ProduceAsync(producer, topic, $"key-{i % 3}", $"{i}", from.AddMilliseconds(i))).ToArray();
        await Task.WhenAll(sent);
    }

    private static Task ProduceAsync(IProducer<string, string> producer, string topic, string key, string value, DateTimeOffset time) =>
        producer.ProduceAsync(topic, new Message<string, string> { Key = key, Value = value, Timestamp = new Timestamp(time) });

    private static long[] Segments(RunningBroker running, string topic) =>
        [.. Directory.EnumerateFiles(Path.Combine(running.Directory, $"{topic}-0"), "*.log")
            .Select(file => long.Parse(Path.GetFileNameWithoutExtension(file))).Order()];

    private static Dictionary<string, string> Compacted(params (string Key, string Value)[] others)
    {
        var config = new Dictionary<string, string>
        {
            ["cleanup.policy"] = "compact",
            ["segment.bytes"] = "2000",
            ["min.cleanable.dirty.ratio"] = "0.01",
        };
        foreach (var (key, value) in others)
        {
            config[key] = value;
        }
        return config;
    }

    private static Task<RunningBroker> StartTidyAsync() =>
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
