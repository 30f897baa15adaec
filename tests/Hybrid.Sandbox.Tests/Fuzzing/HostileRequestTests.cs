using Confluent.Kafka;
using FsCheck;
using FsCheck.Fluent;
using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Tests.Kafka;

namespace Hybrid.Sandbox.Tests.Fuzzing;

/// <summary>
/// Requests of real clients, broken in every way that is known to have hurt somebody: whatever is sent, its connection ends,
/// nobody else's does, and the broker holds no more memory than before. A failure names the seed that repeats it.
/// </summary>
[Collection(nameof(AloneInItsProcess))]
public sealed class HostileRequestTests(CapturedRequests captured) : IClassFixture<CapturedRequests>
{
    private const int Batches = 12;
    private const int AttacksInABatch = 100;
    private const int AtOnce = 8;
    private const long MaxBufferedBytes = 8 * 1024 * 1024;
    private const long SlackBytes = 48 * 1024 * 1024;

    [Fact]
    public void Capture_OfLibrdkafkasTraffic_CoversWhatThePipelineUses()
    {
        ApiKey[] wanted =
        [
            ApiKey.Produce, ApiKey.Fetch, ApiKey.ListOffsets, ApiKey.Metadata, ApiKey.OffsetCommit, ApiKey.OffsetFetch, ApiKey.FindCoordinator,
            ApiKey.JoinGroup, ApiKey.LeaveGroup, ApiKey.SyncGroup, ApiKey.DescribeGroups, ApiKey.ListGroups, ApiKey.ApiVersions,
            ApiKey.CreateTopics, ApiKey.DeleteTopics, ApiKey.DeleteRecords, ApiKey.InitProducerId, ApiKey.AddPartitionsToTxn,
            ApiKey.AddOffsetsToTxn, ApiKey.EndTxn, ApiKey.TxnOffsetCommit, ApiKey.DescribeConfigs, ApiKey.CreatePartitions,
            ApiKey.DeleteGroups, ApiKey.IncrementalAlterConfigs, ApiKey.OffsetDelete,
        ];

        Assert.Empty(wanted.Except(captured.Apis));
    }

    [Fact]
    public async Task AnyMutationOfARealRequest_EndsItsConnectionAndNothingElse()
    {
        var unexpected = new FailedRequests();
        await using var running = await RunningBroker.StartAsync(
            options => options with { MaxBufferedBytes = MaxBufferedBytes, ConnectionCheckInterval = TimeSpan.FromMilliseconds(20) }, unexpected);
        await running.CreateTopicAsync("healthy");
        await running.CreateTopicAsync("fuzzed", partitions: 2);
        using var producer = running.Producer();
        await ProveHealthyAsync(running, producer, 0);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (batch, answered) = (0, 0);

        await Task.Run(() => Check.One(
            FsCheck.Config.QuickThrowOnFailure.WithMaxTest(Batches),
            Prop.ForAll(Attacks().ArrayOf(AttacksInABatch).ToArbitrary(), attacks =>
            {
                answered += LaunchAsync(running, attacks).GetAwaiter().GetResult();
                ProveHealthyAsync(running, producer, ++batch).GetAwaiter().GetResult();
                Assert.Empty(unexpected.Failures);
            })));

        // They are not all refused at the door.
        Assert.InRange(answered, Batches * AttacksInABatch / 5, Batches * AttacksInABatch);

        await UntilNothingIsHeldAsync(running, producer);
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(grown < MaxBufferedBytes + SlackBytes, $"{grown:N0} bytes more than before the attacks");
    }

    private Gen<byte[]> Attacks() =>
        from frame in Gen.Elements(captured.Frames.ToArray())
        from other in Gen.Elements(captured.Frames.ToArray())
        from count in Gen.Choose(1, 4)
        from mutations in Mutation.Any.ArrayOf(count)
        from before in Gen.Choose(0, 2)
        select (byte[])
        [
            .. Enumerable.Repeat(other, before).SelectMany(each => each),
            .. mutations.Aggregate(frame.ToArray(), (mutated, mutation) => mutation.Apply(mutated, other)),
        ];

    /// <returns>How many were answered.</returns>
    private static async Task<int> LaunchAsync(RunningBroker running, byte[][] attacks)
    {
        var answered = 0;
        await Parallel.ForEachAsync(attacks, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (attack, _) =>
        {
            using var client = await HostileClient.ConnectAsync(running.Broker.Port);
            await client.SendAsync(attack);
            if (await client.FinishAsync() > 0)
            {
                Interlocked.Increment(ref answered);
            }
            Assert.InRange(running.Broker.Connections.HeldBytes, 0, MaxBufferedBytes);
        });
        return answered;
    }

    /// <summary>One producer lives through all attacks, and what it sends can be read.</summary>
    private static async Task ProveHealthyAsync(RunningBroker running, IProducer<string, string> producer, int number)
    {
        var delivered = await producer.ProduceAsync("healthy", new Message<string, string> { Key = "k", Value = $"{number}" });
        Assert.Equal(number, delivered.Offset.Value);
        Assert.Equal($"{number}", Assert.Single(running.ReadAll("healthy", from: number)).Message.Value);
    }

    private static async Task UntilNothingIsHeldAsync(RunningBroker running, IDisposable producer)
    {
        producer.Dispose();
        using var patience = new CancellationTokenSource(RunningBroker.Patience);
        while (running.Broker.Connections is not { Count: 0, HeldBytes: 0 })
        {
            await Task.Delay(1, patience.Token);
        }
    }
}
