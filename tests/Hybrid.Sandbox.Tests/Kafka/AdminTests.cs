using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Hybrid.Sandbox.Tests.Kafka;

public sealed class AdminTests
{
    private static readonly TimeSpan Patience = RunningBroker.Patience;

    [Fact]
    public async Task CreateTopics_ThatAreWrong_SayWhatIsWrong()
    {
        await using var running = await RunningBroker.StartAsync();
        using var admin = running.Admin();
        await running.CreateTopicAsync("there");

        async Task<ErrorCode> Refused(TopicSpecification topic) =>
            (await Assert.ThrowsAsync<CreateTopicsException>(() => admin.CreateTopicsAsync([topic]))).Results[0].Error.Code;

        Assert.Equal(ErrorCode.TopicAlreadyExists, await Refused(new() { Name = "there" }));
        Assert.Equal(ErrorCode.TopicException, await Refused(new() { Name = "no/slash" }));
        Assert.Equal(ErrorCode.InvalidPartitions, await Refused(new() { Name = "none", NumPartitions = 0 }));
        Assert.Equal(ErrorCode.InvalidReplicationFactor, await Refused(new() { Name = "many", ReplicationFactor = 3 }));
        Assert.Equal(ErrorCode.InvalidConfig, await Refused(new() { Name = "odd", Configs = new() { ["no.such"] = "1" } }));
    }

    [Fact]
    public async Task DeletedTopic_IsGoneWithItsRecordsAndCanBeMadeAnew()
    {
        await using var running = await RunningBroker.StartAsync(options => options with { AutoCreateTopics = false });
        using var admin = running.Admin();
        await running.CreateTopicAsync("brief");
        using (var producer = running.Producer())
        {
            await producer.ProduceAsync("brief", new Message<string, string> { Key = "k", Value = "old" });
        }

        await admin.DeleteTopicsAsync(["brief"]);

        Assert.DoesNotContain(admin.GetMetadata(Patience).Topics, topic => topic.Topic == "brief");
        Assert.False(Directory.Exists(Path.Combine(running.Directory, "brief-0")));
        await Assert.ThrowsAsync<DeleteTopicsException>(() => admin.DeleteTopicsAsync(["brief"]));
        await running.CreateTopicAsync("brief");
        await running.RestartAsync();
        Assert.Empty(running.ReadAll("brief"));
    }

    [Fact]
    public async Task TopicSettings_WhenAltered_OutliveARestart()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("tuned", partitions: 2, config: new() { ["cleanup.policy"] = "compact" });
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = "tuned" };
        using (var admin = running.Admin())
        {
            await admin.IncrementalAlterConfigsAsync(new()
            {
                [resource] = [new ConfigEntry { Name = "retention.ms", Value = "60000", IncrementalOperation = AlterConfigOpType.Set }],
            });
            await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = "tuned", IncreaseTo = 5 }]);
        }

        await running.RestartAsync();

        using var again = running.Admin();
        var entries = (await again.DescribeConfigsAsync([resource])).Single().Entries;
        Assert.Equal("60000", entries["retention.ms"].Value);
        Assert.Equal("compact", entries["cleanup.policy"].Value);
        Assert.Equal(ConfigSource.DefaultConfig, entries["segment.bytes"].Source);
        Assert.Equal(5, again.GetMetadata("tuned", Patience).Topics.Single().Partitions.Count);
    }

    [Fact]
    public async Task DeleteRecords_BeforeAnOffset_MovesTheStartForGood()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("trimmed");
        using (var producer = running.Producer())
        {
            for (var i = 0; i < 20; i++)
            {
                await producer.ProduceAsync("trimmed", new Message<string, string> { Key = "k", Value = $"{i}" });
            }
        }
        using (var admin = running.Admin())
        {
            await admin.DeleteRecordsAsync([new TopicPartitionOffset("trimmed", 0, 12)]);
        }

        await running.RestartAsync();

        Assert.Equal("12", running.ReadAll("trimmed")[0].Message.Value);
        using var consumer = running.Consumer("late");
        Assert.Equal(12, consumer.QueryWatermarkOffsets(new TopicPartition("trimmed", 0), Patience).Low.Value);
    }

    [Fact]
    public async Task RequestCounts_AfterRequests_NameTheirApis()
    {
        await using var running = await RunningBroker.StartAsync();
        using var producer = running.Producer();
        await producer.ProduceAsync("counted", new Message<string, string> { Key = "k", Value = "v" });

        Assert.True(running.Broker.RequestCounts["Produce"] >= 1);
        Assert.True(running.Broker.RequestCounts["Metadata"] >= 1);
        Assert.Equal(0, running.Broker.RequestCounts["DeleteGroups"]);
    }
}
