using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Hybrid.Sandbox.Tests.Kafka;

namespace Hybrid.Sandbox.Tests.Conformance.Kafka;

public sealed class GroupAdminTests
{
    [Fact]
    public async Task OffsetsOfAnEmptyGroup_CanBeAlteredListedAndDeleted()
    {
        await using var running = await RunningBroker.StartAsync();
        using var admin = running.Admin();
        await running.CreateTopicAsync("moved", partitions: 2);

        await admin.AlterConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitionOffsets(
            "movers", [new TopicPartitionOffset("moved", 0, 7), new TopicPartitionOffset("moved", 1, 9)])]);
        var altered = await ListAsync(admin);
        await admin.DeleteConsumerGroupOffsetsAsync("movers", [new TopicPartition("moved", 1)]);
        var deleted = await ListAsync(admin);
        await running.RestartAsync();
        using var again = running.Admin();

        Assert.Equal([(0, 7), (1, 9)], altered);
        Assert.Equal([(0, 7)], deleted);
        Assert.Equal([(0, 7)], await ListAsync(again));
    }

    [Fact]
    public async Task OffsetsOfAGroupWithMembers_CanNeitherBeAlteredNorDeletedOfWhatItConsumes()
    {
        await using var running = await RunningBroker.StartAsync();
        using var admin = running.Admin();
        await running.CreateTopicAsync("moved");
        await running.CreateTopicAsync("former");
        await admin.AlterConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitionOffsets(
            "movers", [new TopicPartitionOffset("moved", 0, 1), new TopicPartitionOffset("former", 0, 2)])]);
        using var consumer = running.Consumer("movers");
        consumer.Subscribe("moved");
        await Polling.UntilAsync(() => consumer.Assignment.Count == 1, consumer);

        var altered = await Assert.ThrowsAsync<AlterConsumerGroupOffsetsException>(() => admin.AlterConsumerGroupOffsetsAsync(
            [new ConsumerGroupTopicPartitionOffsets("movers", [new TopicPartitionOffset("moved", 0, 5)])]));
        var deleted = await Assert.ThrowsAsync<DeleteConsumerGroupOffsetsException>(
            () => admin.DeleteConsumerGroupOffsetsAsync("movers", [new TopicPartition("moved", 0)]));
        await admin.DeleteConsumerGroupOffsetsAsync("movers", [new TopicPartition("former", 0)]);

        Assert.Equal(ErrorCode.UnknownMemberId, altered.Results.Single().Partitions.Single().Error.Code);
        Assert.Equal(ErrorCode.GroupSubscribedToTopic, deleted.Result.Partitions.Single().Error.Code);
        Assert.Equal([(0, 1)], await ListAsync(admin));
    }

    [Fact]
    public async Task ListAndDescribe_OfGroups_TellTheirStatesAndOperations()
    {
        await using var running = await RunningBroker.StartAsync();
        using var admin = running.Admin();
        await running.CreateTopicAsync("moved");
        await admin.AlterConsumerGroupOffsetsAsync(
            [new ConsumerGroupTopicPartitionOffsets("idle", [new TopicPartitionOffset("moved", 0, 1)])]);
        using var consumer = running.Consumer("busy");
        consumer.Subscribe("moved");
        await Polling.UntilAsync(() => consumer.Assignment.Count == 1, consumer);

        async Task<string[]> InStateAsync(ConsumerGroupState state) =>
            [.. (await admin.ListConsumerGroupsAsync(new() { MatchStates = [state] })).Valid.Select(group => group.GroupId)];
        var described = await admin.DescribeConsumerGroupsAsync(["busy", "idle", "gone"], new() { IncludeAuthorizedOperations = true });

        Assert.Equal(["busy"], await InStateAsync(ConsumerGroupState.Stable));
        Assert.Equal(["idle"], await InStateAsync(ConsumerGroupState.Empty));
        Assert.Equal(
            [ConsumerGroupState.Stable, ConsumerGroupState.Empty, ConsumerGroupState.Dead],
            described.ConsumerGroupDescriptions.Select(group => group.State));
        var busy = described.ConsumerGroupDescriptions[0];
        Assert.Equal([AclOperation.Read, AclOperation.Delete, AclOperation.Describe], busy.AuthorizedOperations.Order());
        Assert.Equal("range", busy.PartitionAssignor);
        Assert.Equal([new TopicPartition("moved", 0)], busy.Members.Single().Assignment.TopicPartitions);
        var gone = await Assert.ThrowsAsync<DeleteGroupsException>(() => admin.DeleteGroupsAsync(["gone"]));
        Assert.Equal(ErrorCode.GroupIdNotFound, gone.Results.Single().Error.Code);
    }

    [Fact]
    public async Task Offsets_OfGroupsThatNobodyCameBackFor_AreForgottenAndThoseOfOthersKept()
    {
        var retention = TimeSpan.FromMilliseconds(500);
        await using var running = await RunningBroker.StartAsync(options => options with
        {
            OffsetRetention = retention,
            RetentionCheckInterval = TimeSpan.FromMilliseconds(20),
        });
        using var admin = running.Admin();
        await running.CreateTopicAsync("moved");
        using var consumer = running.Consumer("busy");
        consumer.Subscribe("moved");
        await Polling.UntilAsync(() => consumer.Assignment.Count == 1, consumer);
        consumer.Commit([new TopicPartitionOffset("moved", 0, 4)]);

        await admin.AlterConsumerGroupOffsetsAsync(
            [new ConsumerGroupTopicPartitionOffsets("idle", [new TopicPartitionOffset("moved", 0, 1)])]);
        await Polling.UntilAsync(async () => (await admin.ListConsumerGroupsAsync()).Valid.All(group => group.GroupId != "idle"));

        Assert.Equal(4, consumer.Committed([new TopicPartition("moved", 0)], RunningBroker.Patience).Single().Offset.Value);
        consumer.Close();
        await Polling.UntilAsync(async () => (await admin.ListConsumerGroupsAsync()).Valid.Count == 0);
    }

    private static async Task<(int Partition, long Offset)[]> ListAsync(IAdminClient admin)
    {
        var listed = await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions("movers", null)]);
        return [.. listed.Single().Partitions.Select(each => (each.Partition.Value, each.Offset.Value)).Order()];
    }
}
