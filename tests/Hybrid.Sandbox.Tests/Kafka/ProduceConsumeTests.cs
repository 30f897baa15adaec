using Confluent.Kafka;

namespace Hybrid.Sandbox.Tests.Kafka;

public sealed class ProduceConsumeTests
{
    [Fact]
    public async Task Consume_AfterProduce_GivesTheRecordsInOrder()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("orders");
        using var producer = running.Producer();
        for (var i = 0; i < 5000; i++)
        {
            producer.Produce("orders", new Message<string, string> { Key = $"k{i}", Value = $"v{i}" });
        }
        producer.Flush(RunningBroker.Patience);

        var records = running.ReadAll("orders");

        Assert.Equal(Enumerable.Range(0, 5000).Select(i => $"v{i}"), records.Select(record => record.Message.Value));
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => (long)i), records.Select(record => record.Offset.Value));
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    public async Task Consume_OfACompressedTopic_GivesTheRecordsWithTheirHeaders(CompressionType compression)
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("packed");
        using var producer = running.Producer(config => config.CompressionType = compression);
        var headers = new Headers { { "hybrid-closed", [1, 2, 3] } };
        for (var i = 0; i < 500; i++)
        {
            producer.Produce("packed", new Message<string, string> { Key = "key", Value = new string('x', 300) + i, Headers = headers });
        }
        producer.Flush(RunningBroker.Patience);

        var records = running.ReadAll("packed");

        Assert.Equal(500, records.Count);
        Assert.All(records, record => Assert.Equal([1, 2, 3], record.Message.Headers.GetLastBytes("hybrid-closed")));
    }

    [Theory]
    [InlineData(Acks.None)]
    [InlineData(Acks.Leader)]
    [InlineData(Acks.All)]
    public async Task Produce_WithAnyAcks_ReachesTheLog(Acks acks)
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("acks");
        using var producer = running.Producer(config => config.Acks = acks);
        producer.Produce("acks", new Message<string, string> { Key = "k", Value = "v" });
        producer.Flush(RunningBroker.Patience);
        using var consumer = running.Consumer("acks");
        consumer.Assign(new TopicPartitionOffset("acks", 0, Offset.Beginning));

        ConsumeResult<string, string> record;
        do
        {
            record = consumer.Consume(RunningBroker.Patience);
        }
        while (record.IsPartitionEOF);

        Assert.Equal("v", record.Message.Value);
    }

    [Fact]
    public async Task Produce_ToAnUnknownTopic_MakesItWithTheDefaultPartitions()
    {
        await using var running = await RunningBroker.StartAsync(options => options with { DefaultPartitions = 3 });
        using var producer = running.Producer();
        await producer.ProduceAsync("made", new Message<string, string> { Key = "k", Value = "v" });
        using var admin = running.Admin();

        Assert.Equal(3, admin.GetMetadata("made", RunningBroker.Patience).Topics.Single().Partitions.Count);
    }

    [Fact]
    public async Task Consume_AcrossManySegments_GivesEveryRecordOnce()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("rolling", config: new() { ["segment.bytes"] = "20000", ["index.interval.bytes"] = "2000" });
        using var producer = running.Producer(config => config.BatchNumMessages = 20);
        for (var i = 0; i < 3000; i++)
        {
            producer.Produce("rolling", new Message<string, string> { Key = $"{i}", Value = new string('y', 100) });
        }
        producer.Flush(RunningBroker.Patience);

        Assert.True(Directory.GetFiles(Path.Combine(running.Directory, "rolling-0"), "*.log").Length > 10);
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => $"{i}"), running.ReadAll("rolling").Select(record => record.Message.Key));
        Assert.Equal("1234", running.ReadAll("rolling", from: 1234)[0].Message.Key);
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    public async Task OffsetsForTimes_BetweenTwoRecords_GivesTheLaterOne(CompressionType compression)
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("timed");
        using var producer = running.Producer(config => config.CompressionType = compression);
        var start = new DateTimeOffset(2011, 12, 1, 8, 0, 0, TimeSpan.Zero);
        for (var i = 0; i < 200; i++)
        {
            var timestamp = new Timestamp(start.AddSeconds(i));
            producer.Produce("timed", new Message<string, string> { Key = "k", Value = $"{i}", Timestamp = timestamp });
        }
        producer.Flush(RunningBroker.Patience);
        using var consumer = running.Consumer("timed");

        long Find(DateTimeOffset time) => consumer.OffsetsForTimes(
            [new TopicPartitionTimestamp("timed", 0, new Timestamp(time))], RunningBroker.Patience).Single().Offset.Value;

        Assert.Equal(0, Find(start.AddHours(-1)));
        Assert.Equal(57, Find(start.AddSeconds(56.5)));
        Assert.Equal(57, Find(start.AddSeconds(57)));
        Assert.Equal(Offset.End.Value, Find(start.AddHours(1)));
    }

    [Fact]
    public async Task QueryWatermarkOffsets_OfAPartition_GivesItsFirstAndNextOffset()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("marks");
        using var producer = running.Producer();
        await producer.ProduceAsync("marks", new Message<string, string> { Key = "k", Value = "v" });
        using var consumer = running.Consumer("marks");

        var watermarks = consumer.QueryWatermarkOffsets(new TopicPartition("marks", 0), RunningBroker.Patience);

        Assert.Equal((0, 1), (watermarks.Low.Value, watermarks.High.Value));
    }
}
