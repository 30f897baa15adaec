using Confluent.Kafka;
using Hybrid.Sandbox.Tests.Kafka;

namespace Hybrid.Sandbox.Tests.Conformance.Kafka;

public sealed class SeekTests
{
    private static readonly TimeSpan Patience = RunningBroker.Patience;
    private static readonly DateTimeOffset Start = new(2011, 12, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Consumer_SoughtToATime_ReadsEveryPartitionFromThere()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("timed", partitions: 3);
        using (var producer = running.Producer())
        {
            for (var i = 0; i < 40; i++)
            {
                Produce(producer, "timed", 0, $"{i}", Start.AddSeconds(i));
                Produce(producer, "timed", 1, $"old {i}", Start.AddSeconds(i - 40));
            }
            producer.Flush(Patience);
        }
        using var consumer = running.Consumer("seekers");
        var partitions = Enumerable.Range(0, 3).Select(partition => new TopicPartition("timed", partition)).ToArray();
        var offsets = consumer.OffsetsForTimes(
            partitions.Select(partition => new TopicPartitionTimestamp(partition, new Timestamp(Start.AddSeconds(29.5)))), Patience);

        consumer.Assign(offsets);
        var (seen, ended) = (new List<string>(), new HashSet<TopicPartition>());
        while (ended.Count < 3)
        {
            var record = consumer.Consume(Patience) ?? throw new TimeoutException("a partition has no end");
            if (record.IsPartitionEOF)
            {
                ended.Add(record.TopicPartition);
            }
            else
            {
                seen.Add(record.Message.Value);
            }
        }

        Assert.Equal([30, Offset.End.Value, Offset.End.Value], offsets.OrderBy(each => each.Partition.Value).Select(each => each.Offset.Value));
        Assert.Equal(Enumerable.Range(30, 10).Select(i => $"{i}"), seen);
        Assert.Equal(40, consumer.Position(partitions[0]).Value);
    }

    [Fact]
    public async Task PausedPartition_WhileAnotherGoesOn_GivesItsRecordsOnceItIsResumed()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("held", partitions: 2);
        using var producer = running.Producer();
        using var consumer = running.Consumer("holders");
        var (held, free) = (new TopicPartition("held", 0), new TopicPartition("held", 1));
        consumer.Assign([held, free]);
        Produce(producer, "held", 0, "held 0", Start);
        await ReadUntilAsync("held 0");

        consumer.Pause([held]);
        Produce(producer, "held", 0, "held 1", Start);
        producer.Flush(Patience);
        Produce(producer, "held", 1, "free 0", Start);
        var whilePaused = await ReadUntilAsync("free 0");
        consumer.Resume([held]);
        var afterwards = await ReadUntilAsync("held 1");
        consumer.Seek(new TopicPartitionOffset(held, 0));
        var again = await ReadUntilAsync("held 1");

        Assert.Equal(["free 0"], whilePaused);
        Assert.Equal(["held 1"], afterwards);
        Assert.Equal(["held 0", "held 1"], again);

        async Task<List<string>> ReadUntilAsync(string last)
        {
            var seen = new List<string>();
            await Polling.UntilAsync(() => seen.Contains(last), [consumer], (_, record) => seen.Add(record.Message.Value));
            return seen;
        }
    }

    [Fact]
    public async Task Consumer_AtAnOffsetThatIsGone_FollowsItsResetPolicy()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("trimmed");
        using (var producer = running.Producer())
        {
            for (var i = 0; i < 10; i++)
            {
                Produce(producer, "trimmed", 0, $"{i}", Start);
            }
            producer.Flush(Patience);
        }
        using (var admin = running.Admin())
        {
            await admin.DeleteRecordsAsync([new TopicPartitionOffset("trimmed", 0, 6)]);
        }
        var strict = running.ConsumerConfig("strict");
        strict.AutoOffsetReset = AutoOffsetReset.Error;
        using var refused = new ConsumerBuilder<string, string>(strict).Build();
        refused.Assign(new TopicPartitionOffset("trimmed", 0, 2));

        Assert.Equal("6", running.ReadAll("trimmed", from: 2)[0].Message.Value);
        Assert.Equal(
            ErrorCode.Local_AutoOffsetReset, Assert.Throws<ConsumeException>(() => refused.Consume(Patience)).Error.Code);
    }

    [Fact]
    public async Task Records_OfATopicThatTheBrokerStamps_CarryItsTime()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("stamped", config: new() { ["message.timestamp.type"] = "LogAppendTime" });
        using var producer = running.Producer();
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        var delivered = await producer.ProduceAsync(
            "stamped", new Message<string, string> { Key = "k", Value = "v", Timestamp = new Timestamp(Start) });
        var read = running.ReadAll("stamped").Single().Message.Timestamp;

        Assert.Equal(TimestampType.LogAppendTime, read.Type);
        Assert.Equal(delivered.Timestamp.UnixTimestampMs, read.UnixTimestampMs);
        Assert.InRange(read.UnixTimestampMs, before, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
    }

    private static void Produce(IProducer<string, string> producer, string topic, int partition, string value, DateTimeOffset time) =>
        producer.Produce(
            new TopicPartition(topic, partition), new Message<string, string> { Key = "k", Value = value, Timestamp = new Timestamp(time) });
}
