using System.Buffers.Binary;
using System.IO.Compression;
using Confluent.Kafka;
using Hybrid.Sandbox.Kafka;
using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Storage;
using Hybrid.Sandbox.Tests.Kafka;

namespace Hybrid.Sandbox.Tests.Fuzzing;

/// <summary>What many connections together can take from the broker, and that a client that behaves still gets on.</summary>
[Collection(nameof(AloneInItsProcess))]
public sealed class ConnectionLimitTests
{
    private const int Megabyte = 1024 * 1024;
    private const short Lz4 = 3;
    private const short Gzip = 1;

    [Fact]
    public async Task Requests_OfWhichOnlyTheStartCame_HoldNoMoreThanTheBound()
    {
        const long Bound = 4 * Megabyte;
        await using var running = await RunningBroker.StartAsync(options => options with { MaxBufferedBytes = Bound });
        await running.CreateTopicAsync("healthy");
        var attackers = new List<HostileClient>();
        var start = new byte[2 * Megabyte];
        BinaryPrimitives.WriteInt32BigEndian(start, 90 * Megabyte);
        for (var i = 0; i < 12; i++)
        {
            attackers.Add(await HostileClient.ConnectAsync(running.Broker.Port));
            await attackers[^1].SendAsync(start);
            Assert.InRange(running.Broker.Connections.HeldBytes, 0, Bound);
        }

        await ProveHealthyAsync(running);

        attackers.ForEach(attacker => attacker.Dispose());
        await UntilAsync(() => running.Broker.Connections.HeldBytes == 0);
    }

    [Fact]
    public async Task Request_ThatComesByteByByte_LosesItsConnectionWhenItsTimeIsUp()
    {
        await using var running = await StartImpatientAsync(options => options with { RequestTimeout = TimeSpan.FromMilliseconds(200) });
        using var idle = await WireClient.ConnectAsync(running.Broker.Port);
        using var slow = await WireClient.ConnectAsync(running.Broker.Port);
        var frame = WireClient.Frame((short)ApiKey.ListGroups, 0, _ => { });
        await slow.SendRawAsync(frame[..3]);
        var closed = slow.IsClosedAsync();
        for (var at = 3; !closed.IsCompleted && at < frame.Length - 1; at++)
        {
            await slow.TrySendRawAsync(frame[at..(at + 1)]);
            await Task.WhenAny(closed, Task.Delay(20));
        }

        Assert.True(await closed);
        Assert.NotEmpty(await idle.CallAsync(ApiKey.ListGroups, 0, _ => { }));
    }

    [Fact]
    public async Task Connections_OverTheirNumber_MakeTheOneGoThatWaitedLongest()
    {
        await using var running = await RunningBroker.StartAsync(options => options with { MaxConnections = 10 });
        await running.CreateTopicAsync("healthy");
        using var first = await WireClient.ConnectAsync(running.Broker.Port);
        await first.SendRawAsync([0, 0]);
        var others = new List<WireClient>();
        for (var i = 0; i < 30; i++)
        {
            others.Add(await WireClient.ConnectAsync(running.Broker.Port));
            await others[^1].SendRawAsync([0, 0]);
        }

        Assert.True(await first.IsClosedAsync());
        Assert.InRange(running.Broker.Connections.Count, 1, 10);
        await ProveHealthyAsync(running);
        others.ForEach(other => other.Dispose());
    }

    [Fact]
    public async Task Connection_ThatDoesNothing_IsClosed()
    {
        await using var running = await StartImpatientAsync(options => options with { MaxIdle = TimeSpan.FromSeconds(1) });
        using var client = await WireClient.ConnectAsync(running.Broker.Port);
        await client.CallAsync(ApiKey.ListGroups, 0, _ => { });

        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task Request_WhoseAnswerWouldBeEndless_ClosesItsConnectionOnly()
    {
        const long Bound = 8 * Megabyte;
        await using var running = await RunningBroker.StartAsync(options => options with { MaxBufferedBytes = Bound });
        await running.CreateTopicAsync("healthy");
        using var attacker = await WireClient.ConnectAsync(running.Broker.Port);
        const int Times = 100_000;
        await attacker.SendRawAsync(WireClient.Frame((short)ApiKey.DescribeConfigs, 0, writer =>
        {
            writer.Int32(Times);
            for (var i = 0; i < Times; i++)
            {
                writer.Raw([2]).String("healthy").Int32(-1);
            }
        }));

        Assert.True(await attacker.IsClosedAsync());
        await ProveHealthyAsync(running);
        await UntilAsync(() => running.Broker.Connections.HeldBytes == 0);
    }

    [Fact]
    public async Task Request_ThatIsLargeAndNoProduce_ClosesItsConnectionAtItsHeader()
    {
        await using var running = await RunningBroker.StartAsync();
        using var attacker = await WireClient.ConnectAsync(running.Broker.Port);
        var head = WireClient.Frame((short)ApiKey.Metadata, 1, _ => { });
        BinaryPrimitives.WriteInt32BigEndian(head, 50 * Megabyte);
        await attacker.SendRawAsync(head);

        Assert.True(await attacker.IsClosedAsync());
    }

    [Fact]
    public async Task Client_ThatLeavesWhileItsFetchWaits_IsForgotten()
    {
        await using var running = await RunningBroker.StartAsync(options => options with { ConnectionCheckInterval = TimeSpan.FromMilliseconds(20) });
        await running.CreateTopicAsync("quiet");
        var client = await WireClient.ConnectAsync(running.Broker.Port);
        await client.SendRawAsync(WireClient.Frame((short)ApiKey.Fetch, 4, writer => writer
            .Int32(-1).Int32(int.MaxValue).Int32(1).Int32(1000).Raw([0]).Int32(1).String("quiet").Int32(1).Int32(0).Int64(0).Int32(1000)));
        await UntilAsync(() => running.Broker.RequestCounts["Fetch"] == 1);

        client.Dispose();

        await UntilAsync(() => running.Broker.Connections.Count == 0);
    }

    [Theory]
    [InlineData(Gzip)]
    [InlineData(Lz4)]
    public async Task Batch_ThatExpandsAThousandfold_IsNotExpanded(short codec)
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("bombs");
        await running.CreateTopicAsync("healthy");
        using var client = await WireClient.ConnectAsync(running.Broker.Port);
        var bomb = WireClient.BatchOf(codec == Gzip ? GzipBomb() : Lz4Bomb(), attributes: codec);
        Assert.Equal(Hybrid.Sandbox.Kafka.Protocol.ErrorCode.None, (await client.ProduceAsync("bombs", bomb)).Error);
        GC.Collect();
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var answer = await client.CallAsync(ApiKey.ListOffsets, 1, writer => writer
            .Int32(-1).Int32(1).String("bombs").Int32(1).Int32(0).Int64(1500));

        Assert.NotEmpty(answer);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 100 * Megabyte);
        await ProveHealthyAsync(running);
    }

    private static byte[] GzipBomb()
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            var zeros = new byte[Megabyte];
            for (var i = 0; i < 100; i++)
            {
                gzip.Write(zeros);
            }
        }
        return target.ToArray();
    }

    /// <summary>One literal, then a repetition of it whose length goes on for as long as the block does.</summary>
    private static byte[] Lz4Bomb()
    {
        byte[] block = [0x1f, 0, 1, 0, .. Enumerable.Repeat(byte.MaxValue, 900_000), 0];
        var size = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(size, block.Length);
        return [0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0, .. size, .. block, 0, 0, 0, 0];
    }

    private static Task<RunningBroker> StartImpatientAsync(Func<KafkaBrokerOptions, KafkaBrokerOptions> configure) =>
        RunningBroker.StartAsync(options => configure(options) with { ConnectionCheckInterval = TimeSpan.FromMilliseconds(20) });

    private static async Task ProveHealthyAsync(RunningBroker running)
    {
        using var producer = running.Producer();
        var delivered = await producer.ProduceAsync("healthy", new Message<string, string> { Key = "k", Value = "v" });
        Assert.Equal(PersistenceStatus.Persisted, delivered.Status);
        Assert.NotEmpty(running.ReadAll("healthy"));
    }

    private static async Task<long> PeakAsync(RunningBroker running, CancellationToken ending)
    {
        var peak = 0L;
        while (!ending.IsCancellationRequested)
        {
            peak = Math.Max(peak, running.Broker.Connections.HeldBytes);
            await Task.Yield();
        }
        return peak;
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(RunningBroker.Patience);
        while (!holds())
        {
            await Task.Delay(1, patience.Token);
        }
    }
}
