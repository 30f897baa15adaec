using Confluent.Kafka;
using Hybrid.Sandbox.Kafka.Protocol;
using KafkaErrorCode = Hybrid.Sandbox.Kafka.Protocol.ErrorCode;

namespace Hybrid.Sandbox.Tests.Kafka;

public sealed class WireTests
{
    private const short Transactional = 0x10;
    private const short Zstandard = 4;

    [Fact]
    public async Task Produce_OfTheSameSequenceTwice_IsWrittenOnceAndAnsweredAlike()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("once");
        using var client = await WireClient.ConnectAsync(running.Broker.Port);

        Assert.Equal((KafkaErrorCode.None, 0), await client.ProduceAsync("once", WireClient.Batch(5, 0, 0, records: 3)));
        Assert.Equal((KafkaErrorCode.None, 3), await client.ProduceAsync("once", WireClient.Batch(5, 0, 3, records: 2)));
        Assert.Equal((KafkaErrorCode.None, 0), await client.ProduceAsync("once", WireClient.Batch(5, 0, 0, records: 3)));
        Assert.Equal((KafkaErrorCode.None, 5), await client.ProduceAsync("once", WireClient.Batch(5, 0, 5)));
    }

    [Fact]
    public async Task Produce_WithAGapInItsSequence_IsRefusedUntilTheGapIsFilled()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("gaps");
        using var client = await WireClient.ConnectAsync(running.Broker.Port);
        await client.ProduceAsync("gaps", WireClient.Batch(5, 0, 0));

        Assert.Equal(KafkaErrorCode.OutOfOrderSequenceNumber, (await client.ProduceAsync("gaps", WireClient.Batch(5, 0, 2))).Error);
        Assert.Equal((KafkaErrorCode.None, 1), await client.ProduceAsync("gaps", WireClient.Batch(5, 0, 1)));
        Assert.Equal((KafkaErrorCode.None, 2), await client.ProduceAsync("gaps", WireClient.Batch(5, 0, 2)));
    }

    [Fact]
    public async Task Produce_UnderAnOlderEpoch_IsFenced()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("epochs");
        using var client = await WireClient.ConnectAsync(running.Broker.Port);
        await client.ProduceAsync("epochs", WireClient.Batch(5, 1, 0));

        Assert.Equal(KafkaErrorCode.InvalidProducerEpoch, (await client.ProduceAsync("epochs", WireClient.Batch(5, 0, 1))).Error);
        Assert.Equal(KafkaErrorCode.OutOfOrderSequenceNumber, (await client.ProduceAsync("epochs", WireClient.Batch(5, 2, 4))).Error);
        Assert.Equal(KafkaErrorCode.None, (await client.ProduceAsync("epochs", WireClient.Batch(5, 2, 0))).Error);
    }

    [Fact]
    public async Task Sequences_AfterARestart_AreStillKnown()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("remembered", config: new() { ["segment.bytes"] = "1024" });
        using (var client = await WireClient.ConnectAsync(running.Broker.Port))
        {
            for (var i = 0; i < 40; i++)
            {
                await client.ProduceAsync("remembered", WireClient.Batch(5, 3, i));
            }
        }

        await running.RestartAsync();

        using var again = await WireClient.ConnectAsync(running.Broker.Port);
        Assert.Equal((KafkaErrorCode.None, 38), await again.ProduceAsync("remembered", WireClient.Batch(5, 3, 38)));
        Assert.Equal(KafkaErrorCode.OutOfOrderSequenceNumber, (await again.ProduceAsync("remembered", WireClient.Batch(5, 3, 42))).Error);
        Assert.Equal(KafkaErrorCode.InvalidProducerEpoch, (await again.ProduceAsync("remembered", WireClient.Batch(5, 2, 40))).Error);
        Assert.Equal((KafkaErrorCode.None, 40), await again.ProduceAsync("remembered", WireClient.Batch(5, 3, 40)));
    }

    [Fact]
    public async Task Produce_InATransactionThatWasNotBegun_IsRefused()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("never");
        using var client = await WireClient.ConnectAsync(running.Broker.Port);
        var answer = await client.CallAsync(ApiKey.InitProducerId, 1, writer => writer.String("tx").Int32(1000));
        var (error, id, epoch) = Identity(answer);

        Assert.Equal(KafkaErrorCode.None, error);
        var batch = WireClient.Batch(id, epoch, 0, Transactional);
        Assert.Equal(KafkaErrorCode.InvalidTxnState, (await client.ProduceAsync("never", batch, "tx")).Error);

        static (KafkaErrorCode, long, short) Identity(byte[] response)
        {
            var reader = new RequestReader(response, flexible: false);
            reader.Int32();
            return ((KafkaErrorCode)reader.Int16(), reader.Int64(), reader.Int16());
        }
    }

    [Fact]
    public async Task Produce_WithAWrongChecksum_IsCorruptAndTheConnectionLives()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("sums");
        using var client = await WireClient.ConnectAsync(running.Broker.Port);
        var corrupt = WireClient.Batch();
        corrupt[^1] ^= 1;

        Assert.Equal(KafkaErrorCode.CorruptMessage, (await client.ProduceAsync("sums", corrupt)).Error);
        Assert.Equal(KafkaErrorCode.CorruptMessage, (await client.ProduceAsync("sums", corrupt[..30])).Error);
        Assert.Equal(KafkaErrorCode.CorruptMessage, (await client.ProduceAsync("sums", [])).Error);
        byte[] two = [.. WireClient.Batch(), .. WireClient.Batch()];
        Assert.Equal(KafkaErrorCode.InvalidRecord, (await client.ProduceAsync("sums", two)).Error);
        Assert.Equal((KafkaErrorCode.None, 0), await client.ProduceAsync("sums", WireClient.Batch()));
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(2_000_000)]
    [InlineData(9_000_000)]
    public async Task Produce_OfTooLargeABatch_IsRefusedAndTheConnectionLives(int bytes)
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("small", config: new() { ["max.message.bytes"] = "1000" });
        using var client = await WireClient.ConnectAsync(running.Broker.Port);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(KafkaErrorCode.MessageTooLarge, (await client.ProduceAsync("small", WireClient.BatchOf(new byte[bytes]))).Error);
            Assert.Equal((KafkaErrorCode.None, i), await client.ProduceAsync("small", WireClient.Batch()));
        }
        Assert.InRange(running.Broker.Connections.HeldBytes, 0, 4 * 1024 * 1024);
    }

    [Fact]
    public async Task Fetch_OfABatchInACodecThatTheBrokerCannotRead_GivesItUntouched()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("opaque");
        using var client = await WireClient.ConnectAsync(running.Broker.Port);
        var batch = WireClient.Batch(attributes: Zstandard);
        await client.ProduceAsync("opaque", batch);

        var response = await client.CallAsync(ApiKey.Fetch, 4, writer => writer
            .Int32(-1).Int32(100).Int32(1).Int32(1_000_000).Raw([0]).Int32(1).String("opaque").Int32(1).Int32(0).Int64(0).Int32(1_000_000));

        Assert.Equal(batch[17..], response[^(batch.Length - 17)..]);
    }

    [Fact]
    public async Task ApiVersions_InAVersionOfTheFuture_IsAnsweredInVersionZero()
    {
        await using var running = await RunningBroker.StartAsync();
        using var client = await WireClient.ConnectAsync(running.Broker.Port);

        var response = await client.CallAsync(ApiKey.ApiVersions, 99, writer => writer.Raw([0, 1, 1, 0]));

        Assert.Equal((short)KafkaErrorCode.UnsupportedVersion, ReadError(response, out var apis));
        Assert.Contains((short)ApiKey.ApiVersions, apis);

        static short ReadError(byte[] response, out List<short> apis)
        {
            var reader = new RequestReader(response, flexible: false);
            var error = reader.Int16();
            apis = [];
            for (var count = reader.ArrayLength(); count > 0; count--)
            {
                apis.Add(reader.Int16());
                reader.Int32();
            }
            return error;
        }
    }

    public static TheoryData<string, byte[]> HostileFrames() => new()
    {
        { "a length of 2 GB", [0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 3] },
        { "a negative length", [0xff, 0xff, 0xff, 0xff] },
        { "a length shorter than a header", [0, 0, 0, 2, 0, 0] },
        { "an unknown API", WireClient.Frame(1234, 0, _ => { }) },
        { "a negative API", WireClient.Frame(-1, 0, _ => { }) },
        { "an unknown version", Frame(ApiKey.Metadata, 77, _ => { }) },
        { "a body that ends early", Frame(ApiKey.Metadata, 1, writer => writer.Int32(3).String("a")) },
        { "an array of two thousand million", Frame(ApiKey.Metadata, 1, writer => writer.Int32(int.MaxValue)) },
        { "integers that are not there", Frame(ApiKey.OffsetFetch, 1, body => body.String("g").Int32(1).String("t").Int32(9).Int64(0)) },
        { "a string that runs past the end", Frame(ApiKey.FindCoordinator, 0, writer => writer.Int16(short.MaxValue)) },
        { "tagged fields without end", Frame(ApiKey.ApiVersions, 3, writer => writer.Raw([0xff, 0xff, 0xff, 0xff, 0x0f])) },
        { "another protocol", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(HostileFrames))]
    public async Task Frame_ThatIsHostile_ClosesItsConnectionAndNoOther(string what, byte[] frame)
    {
        await using var running = await RunningBroker.StartAsync();
        using var bystander = await WireClient.ConnectAsync(running.Broker.Port);
        using var attacker = await WireClient.ConnectAsync(running.Broker.Port);
        await attacker.SendRawAsync(frame);

        Assert.True(await attacker.IsClosedAsync(), what);
        Assert.NotEmpty(await bystander.CallAsync(ApiKey.ListGroups, 0, _ => { }));
    }

    [Fact]
    public async Task Frames_OfRandomBytes_LeaveTheBrokerServing()
    {
        await using var running = await RunningBroker.StartAsync();
        var random = new Random(20111201);
        for (var i = 0; i < 300; i++)
        {
            using var attacker = await WireClient.ConnectAsync(running.Broker.Port);
            var garbage = new byte[random.Next(1, 200)];
            random.NextBytes(garbage);
            var (key, version) = ((short)random.Next(0, 50), (short)random.Next(0, 10));
            await attacker.SendRawAsync(WireClient.Frame(key, version, writer => writer.Raw(garbage)));
        }
        using var producer = running.Producer();

        var delivered = await producer.ProduceAsync("after", new Message<string, string> { Key = "k", Value = "v" });

        Assert.Equal(PersistenceStatus.Persisted, delivered.Status);
    }

    private static byte[] Frame(ApiKey key, short version, Action<FrameWriter> body) => WireClient.Frame((short)key, version, body);
}
