using Confluent.Kafka;
using Hybrid.Sandbox.Tests.Kafka;

namespace Hybrid.Sandbox.Tests.Conformance.Kafka;

public sealed class StaticMembershipTests
{
    [Theory]
    [InlineData(PartitionAssignmentStrategy.RoundRobin)]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky)]
    public async Task StaticMember_RestartedWithinItsSession_LeavesTheOthersAlone(PartitionAssignmentStrategy strategy)
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("fixed", partitions: 4);
        var revoked = 0;
        using var other = Member(running, "other", strategy, onRevoked: () => revoked++);
        TopicPartition[] share;
        using (var member = Member(running, "restarted", strategy))
        {
            await Polling.UntilAsync(() => member.Assignment.Count == 2 && other.Assignment.Count == 2, member, other);
            share = [.. member.Assignment];
        }
        revoked = 0;
        var joins = running.Broker.RequestCounts["JoinGroup"];
        using var back = Member(running, "restarted", strategy);

        await Polling.UntilAsync(() => back.Assignment.Count == 2, back, other);

        Assert.Equal(share.ToHashSet(), back.Assignment.ToHashSet());
        Assert.Equal(1, running.Broker.RequestCounts["JoinGroup"] - joins);
        Assert.Equal(0, revoked);
    }

    [Fact]
    public async Task StaticMember_WhoseNameAnotherTakes_IsFencedForGood()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("fixed");
        using var zombie = Member(running, "one", PartitionAssignmentStrategy.Range);
        await Polling.UntilAsync(() => zombie.Assignment.Count == 1, zombie);
        using var successor = Member(running, "one", PartitionAssignmentStrategy.Range);

        await Polling.UntilAsync(() => successor.Assignment.Count == 1, successor);
        var fatal = await Assert.ThrowsAsync<ConsumeException>(() => Polling.UntilAsync(() => false, zombie));

        Assert.True(fatal.Error.IsFatal, fatal.Error.ToString());
        Assert.Equal(ErrorCode.FencedInstanceId, fatal.Error.Code);
        Assert.ThrowsAny<KafkaException>(() => zombie.Commit([new TopicPartitionOffset("fixed", 0, 1)]));
        successor.Commit([new TopicPartitionOffset("fixed", 0, 0)]);
    }

    [Fact]
    public async Task StaticMember_ThatStaysAway_IsRemovedWhenItsSessionTimesOut()
    {
        await using var running = await RunningBroker.StartAsync(options => options with
        {
            MinSessionTimeout = TimeSpan.FromMilliseconds(100),
        });
        await running.CreateTopicAsync("fixed", partitions: 2);
        using var stays = Member(running, "stays", PartitionAssignmentStrategy.Range);
        using (var goes = Member(running, "goes", PartitionAssignmentStrategy.Range, sessionTimeoutMs: 1500))
        {
            await Polling.UntilAsync(() => stays.Assignment.Count == 1 && goes.Assignment.Count == 1, stays, goes);
            goes.Close();
        }
        Assert.Single(stays.Assignment);

        await Polling.UntilAsync(() => stays.Assignment.Count == 2, stays);
    }

    [Fact]
    public async Task StaticMember_RemovedByItsName_GivesItsPartitionsUpAtOnce()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("fixed", partitions: 2);
        using var stays = Member(running, "stays", PartitionAssignmentStrategy.Range);
        using (var goes = Member(running, "goes", PartitionAssignmentStrategy.Range))
        {
            await Polling.UntilAsync(() => stays.Assignment.Count == 1 && goes.Assignment.Count == 1, stays, goes);
        }
        using var administrator = await GroupWire.ConnectAsync(running, "statics");

        Assert.Equal(Hybrid.Sandbox.Kafka.Protocol.ErrorCode.None, await administrator.RemoveAsync("goes"));
        Assert.Equal(Hybrid.Sandbox.Kafka.Protocol.ErrorCode.UnknownMemberId, await administrator.RemoveAsync("goes"));
        await Polling.UntilAsync(() => stays.Assignment.Count == 2, stays);
    }

    private static IConsumer<string, string> Member(
        RunningBroker running, string instance, PartitionAssignmentStrategy strategy,
        Action? onRevoked = null, int sessionTimeoutMs = 60_000)
    {
        var config = running.ConsumerConfig("statics");
        config.GroupInstanceId = instance;
        config.PartitionAssignmentStrategy = strategy;
        config.HeartbeatIntervalMs = 50;
        config.SessionTimeoutMs = sessionTimeoutMs;
        var consumer = new ConsumerBuilder<string, string>(config)
            .SetLogHandler((_, _) => { })
            .SetPartitionsRevokedHandler((_, _) => onRevoked?.Invoke())
            .Build();
        consumer.Subscribe("fixed");
        return consumer;
    }
}
