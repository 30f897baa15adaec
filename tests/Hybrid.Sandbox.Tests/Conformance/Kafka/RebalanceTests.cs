using Confluent.Kafka;
using Hybrid.Sandbox.Tests.Conformance.Peers;
using Hybrid.Sandbox.Tests.Kafka;

namespace Hybrid.Sandbox.Tests.Conformance.Kafka;

public sealed class RebalanceTests
{
    private static readonly TimeSpan Patience = RunningBroker.Patience;

    [Theory]
    [InlineData(PartitionAssignmentStrategy.Range)]
    [InlineData(PartitionAssignmentStrategy.RoundRobin)]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky)]
    public async Task Members_ThatJoinAndLeaveWhileRecordsFlow_ProcessEveryRecordOnce(PartitionAssignmentStrategy strategy)
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("flow", partitions: 6);
        using var producer = running.Producer();
        var seen = new List<string>();
        var produced = 0;

        using var first = Member();
        await FlowAsync([first], () => first.Assignment.Count == 6);
        using var second = Member();
        await FlowAsync([first, second], () => Shares([first, second]) is [3, 3]);
        using var third = Member();
        await FlowAsync([first, second, third], () => Shares([first, second, third]) is [2, 2, 2]);
        second.Close();
        await FlowAsync([first, third], () => Shares([first, third]) is [3, 3]);
        first.Close();
        await FlowAsync([third], () => third.Assignment.Count == 6);

        Assert.Equal(Enumerable.Range(0, produced).Select(i => $"{i}"), seen.OrderBy(int.Parse));

        IConsumer<string, string> Member()
        {
            var config = running.ConsumerConfig("members");
            config.PartitionAssignmentStrategy = strategy;
            config.HeartbeatIntervalMs = 50;
            config.EnableAutoCommit = true;
            config.EnableAutoOffsetStore = false;
            config.AutoCommitIntervalMs = 600_000;
            var consumer = new ConsumerBuilder<string, string>(config).Build();
            consumer.Subscribe("flow");
            return consumer;
        }

        async Task FlowAsync(IConsumer<string, string>[] members, Func<bool> settled)
        {
            await ProduceAsync();
            await Polling.UntilAsync(settled, members, Process);
            await ProduceAsync();
            await Polling.UntilAsync(() => seen.Count >= produced, members, Process);
        }

        async Task ProduceAsync()
        {
            for (var i = 0; i < 60; i++, produced++)
            {
                var record = new Message<string, string> { Key = "k", Value = $"{produced}" };
                producer.Produce(new TopicPartition("flow", produced % 6), record);
            }
            producer.Flush(Patience);
            await Task.Yield();
        }

        void Process(IConsumer<string, string> member, ConsumeResult<string, string> record)
        {
            seen.Add(record.Message.Value);
            member.StoreOffset(record);
        }
    }

    [Theory]
    [InlineData(PartitionAssignmentStrategy.Range, 4)]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky, 2)]
    public async Task Member_WhenAnotherJoins_GivesUpAllOrJustWhatMoves(PartitionAssignmentStrategy strategy, int revokedPartitions)
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("moved", partitions: 4);
        var config = running.ConsumerConfig("movers");
        config.PartitionAssignmentStrategy = strategy;
        config.HeartbeatIntervalMs = 50;
        var revoked = new List<TopicPartition>();
        using var first = new ConsumerBuilder<string, string>(config)
            .SetPartitionsRevokedHandler((_, partitions) => revoked.AddRange(partitions.Select(each => each.TopicPartition)))
            .Build();
        first.Subscribe("moved");
        await Polling.UntilAsync(() => first.Assignment.Count == 4, first);
        using var second = new ConsumerBuilder<string, string>(config).Build();
        second.Subscribe("moved");

        await Polling.UntilAsync(() => first.Assignment.Count == 2 && second.Assignment.Count == 2, first, second);

        Assert.Equal(revokedPartitions, revoked.Count);
        Assert.Subset(revoked.ToHashSet(), second.Assignment.ToHashSet());
    }

    [Fact]
    [Trait("Peer", "debian")]
    public async Task Member_KilledWithoutLeaving_LosesItsPartitionsWhenItsSessionTimesOut()
    {
        await using var running = await RunningBroker.StartAsync(options => options with
        {
            MinSessionTimeout = TimeSpan.FromMilliseconds(100),
        });
        await running.CreateTopicAsync("watched", partitions: 4);
        using var admin = running.Admin();
        using var kill = new CancellationTokenSource();
        var victim = Peer.Kcat.RunAsync(
            [
                "-b", running.Broker.BootstrapServers, "-G", "watchers", "-q", "-X", "session.timeout.ms=1500", "-X", "heartbeat.interval.ms=100",
                "-X", "client.id=victim", "watched",
            ],
            cancellationToken: kill.Token);
        await Polling.UntilAsync(async () => await SharesAsync() is [("victim", 4)]);
        var config = running.ConsumerConfig("watchers");
        config.ClientId = "survivor";
        config.HeartbeatIntervalMs = 50;
        config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.Range;
        using var survivor = new ConsumerBuilder<string, string>(config).Build();
        survivor.Subscribe("watched");
        await Polling.UntilAsync(() => survivor.Assignment.Count == 2, survivor);

        await kill.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => victim);

        await Polling.UntilAsync(() => survivor.Assignment.Count == 4, survivor);
        Assert.Equal([("survivor", 4)], await SharesAsync());
        Assert.Equal(0, running.Broker.RequestCounts["LeaveGroup"]);

        async Task<(string ClientId, int Partitions)[]> SharesAsync()
        {
            var group = (await admin.DescribeConsumerGroupsAsync(["watchers"])).ConsumerGroupDescriptions.Single();
            return [.. group.Members
                .Select(member => (member.ClientId, member.Assignment.TopicPartitions.Count))
                .OrderBy(share => share.ClientId, StringComparer.Ordinal)];
        }
    }

    private static int[] Shares(IEnumerable<IConsumer<string, string>> members) => [.. members.Select(member => member.Assignment.Count)];
}
