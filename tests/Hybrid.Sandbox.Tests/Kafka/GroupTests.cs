using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Hybrid.Sandbox.Tests.Kafka;

public sealed class GroupTests
{
    private static readonly TimeSpan Patience = RunningBroker.Patience;

    [Theory]
    [InlineData(PartitionAssignmentStrategy.Range)]
    [InlineData(PartitionAssignmentStrategy.RoundRobin)]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky)]
    public async Task SecondMember_OfAGroup_TakesHalfOfThePartitionsAndGivesThemBack(PartitionAssignmentStrategy strategy)
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("shared", partitions: 4);
        using var first = Member(running, strategy);
        await UntilAsync(() => first.Assignment.Count == 4, first);
        using (var second = Member(running, strategy))
        {
            await UntilAsync(() => first.Assignment.Count == 2 && second.Assignment.Count == 2, first, second);
            Assert.Equal(4, first.Assignment.Concat(second.Assignment).Distinct().Count());
            second.Close();
        }
        await UntilAsync(() => first.Assignment.Count == 4, first);
    }

    [Fact]
    public async Task CommittedOffsets_AfterARestartOfTheBroker_AreStillThere()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("kept", partitions: 2);
        using (var consumer = running.Consumer("keeper"))
        {
            consumer.Assign([new TopicPartition("kept", 0), new TopicPartition("kept", 1)]);
            consumer.Commit([new TopicPartitionOffset("kept", 0, 7), new TopicPartitionOffset("kept", 1, 9)]);
            consumer.Commit([new TopicPartitionOffset("kept", 0, 8)]);
        }

        await running.RestartAsync();

        using var again = running.Consumer("keeper");
        var committed = again.Committed([new TopicPartition("kept", 0), new TopicPartition("kept", 1)], Patience);
        Assert.Equal([8, 9], committed.Select(partition => partition.Offset.Value));
    }

    [Fact]
    public async Task Member_ThatStopsHeartbeating_IsRemovedAfterItsSessionTimeout()
    {
        await using var running = await RunningBroker.StartAsync(options => options with
        {
            MinSessionTimeout = TimeSpan.FromMilliseconds(100),
        });
        await running.CreateTopicAsync("watched", partitions: 2);
        var config = running.ConsumerConfig("watchers");
        config.SessionTimeoutMs = 1000;
        config.HeartbeatIntervalMs = 100;
        config.MaxPollIntervalMs = 1500;
        using var silent = new ConsumerBuilder<string, string>(config).Build();
        silent.Subscribe("watched");
        await UntilAsync(() => silent.Assignment.Count == 2, silent);
        using var other = new ConsumerBuilder<string, string>(config).Build();
        other.Subscribe("watched");

        await UntilAsync(() => other.Assignment.Count == 2, other);
    }

    [Fact]
    public async Task StaticMember_ThatComesBack_KeepsItsPartitionsWithoutARebalance()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("fixed", partitions: 2);
        var config = running.ConsumerConfig("statics");
        config.GroupInstanceId = "one";
        using (var consumer = new ConsumerBuilder<string, string>(config).Build())
        {
            consumer.Subscribe("fixed");
            await UntilAsync(() => consumer.Assignment.Count == 2, consumer);
        }
        using var admin = running.Admin();
        var between = (await admin.DescribeConsumerGroupsAsync(["statics"])).ConsumerGroupDescriptions.Single();
        var syncsBefore = running.Broker.RequestCounts["SyncGroup"];
        using var back = new ConsumerBuilder<string, string>(config).Build();
        back.Subscribe("fixed");

        await UntilAsync(() => back.Assignment.Count == 2, back);

        Assert.Equal(1, running.Broker.RequestCounts["SyncGroup"] - syncsBefore);
        Assert.Equal(ConsumerGroupState.Stable, between.State);
        Assert.Equal("one", between.Members.Single().GroupInstanceId);
    }

    [Fact]
    public async Task Members_OverARestartOfTheBroker_GoOnInTheSameGeneration()
    {
        await using var running = await RunningBroker.StartAsync();
        var port = running.Broker.Port;
        await running.CreateTopicAsync("lasting", partitions: 2);
        var config = running.ConsumerConfig("lasting");
        config.HeartbeatIntervalMs = 100;
        config.ReconnectBackoffMs = 10;
        config.ReconnectBackoffMaxMs = 100;
        var revoked = 0;
        using var consumer = new ConsumerBuilder<string, string>(config)
            .SetPartitionsRevokedHandler((_, _) => revoked++)
            .SetPartitionsLostHandler((_, _) => revoked++)
            .Build();
        consumer.Subscribe("lasting");
        await UntilAsync(() => consumer.Assignment.Count == 2, consumer);

        await running.RestartAsync(port);

        await UntilAsync(() => running.Broker.RequestCounts["Heartbeat"] > 2, consumer);
        consumer.Commit([new TopicPartitionOffset("lasting", 0, 0)]);
        Assert.Equal(0, revoked);
        Assert.Equal(0, running.Broker.RequestCounts["JoinGroup"]);
    }

    [Fact]
    public async Task DescribeListAndDelete_OfGroups_TellWhatThereIs()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("seen", partitions: 2);
        using var admin = running.Admin();
        using (var consumer = running.Consumer("seers"))
        {
            consumer.Subscribe("seen");
            await UntilAsync(() => consumer.Assignment.Count == 2, consumer);
            consumer.Commit([new TopicPartitionOffset("seen", 0, 5)]);
            var described = (await admin.DescribeConsumerGroupsAsync(["seers"])).ConsumerGroupDescriptions.Single();
            Assert.Equal(ConsumerGroupState.Stable, described.State);
            Assert.Equal(2, described.Members.Single().Assignment.TopicPartitions.Count);
            await Assert.ThrowsAsync<DeleteGroupsException>(() => admin.DeleteGroupsAsync(["seers"]));
            consumer.Close();
        }
        Assert.Contains((await admin.ListConsumerGroupsAsync()).Valid, group => group.GroupId == "seers");
        var offsets = await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions("seers", null)]);
        Assert.Equal(5, offsets.Single().Partitions.Single().Offset.Value);

        await admin.DeleteGroupsAsync(["seers"]);

        Assert.DoesNotContain((await admin.ListConsumerGroupsAsync()).Valid, group => group.GroupId == "seers");
    }

    private static IConsumer<string, string> Member(RunningBroker running, PartitionAssignmentStrategy strategy)
    {
        var config = running.ConsumerConfig("members");
        config.PartitionAssignmentStrategy = strategy;
        config.HeartbeatIntervalMs = 100;
        var consumer = new ConsumerBuilder<string, string>(config).Build();
        consumer.Subscribe("shared");
        return consumer;
    }

    /// <summary>Polls the consumers, which is what lets them rebalance, until something holds.</summary>
    private static async Task UntilAsync(Func<bool> holds, params IConsumer<string, string>[] consumers)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!holds())
        {
            foreach (var consumer in consumers)
            {
                consumer.Consume(TimeSpan.FromMilliseconds(20));
            }
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
