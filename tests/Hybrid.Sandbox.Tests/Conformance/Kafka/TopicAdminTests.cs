using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Hybrid.Sandbox.Tests.Kafka;

namespace Hybrid.Sandbox.Tests.Conformance.Kafka;

public sealed class TopicAdminTests
{
    private static readonly DateTimeOffset Start = new(2011, 12, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task CreateTopics_OnlyToValidate_MakesNothing()
    {
        await using var running = await RunningBroker.StartAsync(options => options with { AutoCreateTopics = false });
        using var admin = running.Admin();
        var topic = new TopicSpecification { Name = "tried", NumPartitions = 2, ReplicationFactor = 1 };

        await admin.CreateTopicsAsync([topic], new CreateTopicsOptions { ValidateOnly = true });
        var absent = await Assert.ThrowsAsync<DescribeTopicsException>(
            () => admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(["tried"])));

        Assert.Equal(ErrorCode.UnknownTopicOrPart, absent.Results.TopicDescriptions.Single().Error.Code);
        await admin.CreateTopicsAsync([topic]);
        var present = await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(["tried"]));
        Assert.Equal(2, present.TopicDescriptions.Single().Partitions.Count);
    }

    [Fact]
    public async Task CreateTopics_WhoseNamesDifferInDotsAndUnderscores_Collide()
    {
        await using var running = await RunningBroker.StartAsync();
        using var admin = running.Admin();
        await running.CreateTopicAsync("a.b");

        var refused = await Assert.ThrowsAsync<CreateTopicsException>(
            () => admin.CreateTopicsAsync([new TopicSpecification { Name = "a_b", NumPartitions = 1 }]));

        Assert.Equal(ErrorCode.TopicException, refused.Results.Single().Error.Code);
    }

    [Fact]
    public async Task CreatePartitions_ThatAreNotMore_AreRefused()
    {
        await using var running = await RunningBroker.StartAsync();
        using var admin = running.Admin();
        await running.CreateTopicAsync("grown", partitions: 3);

        Task<CreatePartitionsException> Refused(string topic, int count) => Assert.ThrowsAsync<CreatePartitionsException>(
            () => admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = count }]));

        Assert.Equal(ErrorCode.InvalidPartitions, (await Refused("grown", 3)).Results.Single().Error.Code);
        Assert.Equal(ErrorCode.InvalidPartitions, (await Refused("grown", 1)).Results.Single().Error.Code);
        Assert.Equal(ErrorCode.UnknownTopicOrPart, (await Refused("missing", 4)).Results.Single().Error.Code);
    }

    [Fact]
    public async Task DescribeClusterAndTopics_WithOperations_AllowEverythingThatThereIs()
    {
        await using var running = await RunningBroker.StartAsync();
        using var admin = running.Admin();
        await running.CreateTopicAsync("described", partitions: 2);

        var cluster = await admin.DescribeClusterAsync(new DescribeClusterOptions { IncludeAuthorizedOperations = true });
        var topics = await admin.DescribeTopicsAsync(
            TopicCollection.OfTopicNames(["described"]), new DescribeTopicsOptions { IncludeAuthorizedOperations = true });

        Assert.Equal(1, cluster.Controller.Id);
        Assert.Equal(running.Broker.Port, cluster.Nodes.Single().Port);
        Assert.Equal(
            [
                AclOperation.Create, AclOperation.Alter, AclOperation.Describe, AclOperation.ClusterAction, AclOperation.DescribeConfigs,
                AclOperation.AlterConfigs, AclOperation.IdempotentWrite,
            ],
            cluster.AuthorizedOperations.Order());
        var topic = topics.TopicDescriptions.Single();
        Assert.Equal(
            [
                AclOperation.Read, AclOperation.Write, AclOperation.Create, AclOperation.Delete, AclOperation.Alter, AclOperation.Describe,
                AclOperation.DescribeConfigs, AclOperation.AlterConfigs,
            ],
            topic.AuthorizedOperations.Order());
        Assert.All(topic.Partitions, partition => Assert.Equal([1], partition.ISR.Select(node => node.Id)));
    }

    [Fact]
    public async Task ListOffsets_ByEverySpecification_FindsTheRecord()
    {
        await using var running = await RunningBroker.StartAsync();
        using var admin = running.Admin();
        await running.CreateTopicAsync("listed");
        using (var producer = running.Producer())
        {
            foreach (var second in new[] { 0, 10, 50, 20 })
            {
                await producer.ProduceAsync("listed", new Message<string, string>
                {
                    Key = "k", Value = "v", Timestamp = new Timestamp(Start.AddSeconds(second)),
                });
            }
        }
        await admin.DeleteRecordsAsync([new TopicPartitionOffset("listed", 0, 1)]);

        async Task<(long Offset, long Timestamp)> FindAsync(OffsetSpec spec)
        {
            var found = await Offsets.ListAsync(admin, "listed", spec);
            return (found.TopicPartitionOffsetError.Offset.Value, found.Timestamp);
        }

        Assert.Equal((1, -1), await FindAsync(OffsetSpec.Earliest()));
        Assert.Equal((4, -1), await FindAsync(OffsetSpec.Latest()));
        Assert.Equal((2, Start.AddSeconds(50).ToUnixTimeMilliseconds()), await FindAsync(OffsetSpec.MaxTimestamp()));
        var time = Start.AddSeconds(5).ToUnixTimeMilliseconds();
        Assert.Equal((1, Start.AddSeconds(10).ToUnixTimeMilliseconds()), await FindAsync(OffsetSpec.ForTimestamp(time)));
    }

    [Fact]
    public async Task DeleteRecords_PastTheEnd_IsRefused()
    {
        await using var running = await RunningBroker.StartAsync();
        using var admin = running.Admin();
        await running.CreateTopicAsync("short");

        var refused = await Assert.ThrowsAsync<DeleteRecordsException>(
            () => admin.DeleteRecordsAsync([new TopicPartitionOffset("short", 0, 1)]));

        Assert.Equal(ErrorCode.OffsetOutOfRange, refused.Results.Single().Error.Code);
    }
}
