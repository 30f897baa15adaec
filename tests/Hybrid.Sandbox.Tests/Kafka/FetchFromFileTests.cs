using System.Security.Cryptography;
using Confluent.Kafka;
using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Tests.Kafka;

/// <summary>Fetches that are large enough to be sent from the segments' files.</summary>
public sealed class FetchFromFileTests
{
    private const int Large = 8 * 1024 * 1024;
    private static readonly TimeSpan Patience = RunningBroker.Patience;

    [Fact]
    public async Task Consume_OfMegabytesOverSeveralSegments_GivesEveryByte()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("bulk", config: new() { ["segment.bytes"] = "3000000" });
        var sent = Fill(running, "bulk", 12_000);

        var read = running.ReadAll("bulk");

        Assert.Equal(sent, Digest(read.Select(record => record.Message.Value)));
        Assert.Equal(Enumerable.Range(0, 12_000).Select(i => (long)i), read.Select(record => record.Offset.Value));
    }

    [Fact]
    public async Task Consume_FromTheMiddleOfABatch_BeginsThere()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("middle");
        Fill(running, "middle", 4_000);

        var read = running.ReadAll("middle", from: 1_234);

        Assert.Equal(1_234, read[0].Offset.Value);
        Assert.Equal(4_000 - 1_234, read.Count);
    }

    [Fact]
    public async Task Fetch_OfASegmentThatIsDeletedWhileItsReaderIsSlow_IsStillWhole()
    {
        await using var running = await RunningBroker.StartAsync(options => options with { SegmentBytes = 256 * 1024 * 1024 });
        await running.CreateTopicAsync("slow");
        Fill(running, "slow", 20_000);
        using var slow = await WireClient.ConnectAsync(running.Broker.Port);
        await slow.SendRawAsync(Fetch("slow", 0));
        using var admin = running.Admin();

        // The answer has begun, and is more than a socket's buffers hold; the rest is read once the topic is gone.
        var response = await slow.ReadResponseAsync(() => admin.DeleteTopicsAsync(["slow"]));
        Assert.InRange(Records(response), Large / 2, Large);
    }

    [Fact]
    public async Task Fetch_UnderReadCommitted_EndsBeforeAnOpenTransaction()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("open");
        Fill(running, "open", 2_000);
        using var producer = running.TransactionalProducer("writer");
        producer.InitTransactions(Patience);
        producer.BeginTransaction();
        Fill(producer, "open", 2_000);

        Assert.Equal(2_000, running.ReadAll("open").Count);
        Assert.Equal(4_000, running.ReadAll("open", isolation: IsolationLevel.ReadUncommitted).Count);
        producer.CommitTransaction(Patience);
        Assert.Equal(4_000, running.ReadAll("open").Count);
    }

    private static byte[] Fetch(string topic, long offset) => WireClient.Frame((short)ApiKey.Fetch, 4, writer => writer
        .Int32(-1).Int32(100).Int32(1).Int32(Large).Raw([0]).Int32(1).String(topic).Int32(1).Int32(0).Int64(offset).Int32(Large));

    private static int Records(byte[] response)
    {
        var reader = new RequestReader(response, flexible: false);
        reader.Int32();
        reader.ArrayLength();
        reader.String();
        reader.ArrayLength();
        reader.Int32();
        Assert.Equal(0, reader.Int16());
        reader.Int64();
        reader.Int64();
        reader.ArrayLength();
        var (_, length) = reader.BytesRange();
        Assert.Equal(0, reader.Remaining);
        return length;
    }

    private static string Fill(RunningBroker running, string topic, int records)
    {
        using var producer = running.Producer();
        return Fill(producer, topic, records);
    }

    private static string Fill(IProducer<string, string> producer, string topic, int records)
    {
        var values = new List<string>();
        var random = new Random(7);
        for (var i = 0; i < records; i++)
        {
            values.Add(Convert.ToHexString(RandomNumberGenerator.GetBytes(random.Next(100, 400))));
            producer.Produce(topic, new Message<string, string> { Key = "k", Value = values[^1] });
        }
        producer.Flush(Patience);
        return Digest(values);
    }

    private static string Digest(IEnumerable<string> values) => Convert.ToHexString(SHA256.HashData(values.SelectMany(value => System.Text.Encoding.ASCII.GetBytes(value)).ToArray()));
}
