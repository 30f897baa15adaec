using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Hybrid.Sandbox.Tests.Kafka;

namespace Hybrid.Sandbox.Tests.Conformance.Kafka;

public sealed class ConfigAdminTests
{
    private static readonly ConfigResource Tuned = new() { Type = ResourceType.Topic, Name = "tuned" };

    [Fact]
    public async Task AlterConfigs_ReplacesWhatWasSetWhileIncrementalOnesAddToIt()
    {
        await using var running = await RunningBroker.StartAsync();
        using var admin = running.Admin();
        await running.CreateTopicAsync("tuned", config: new() { ["retention.ms"] = "1000", ["segment.bytes"] = "2048" });

        await IncrementAsync(admin, "max.message.bytes", "5000", AlterConfigOpType.Set);
        await IncrementAsync(admin, "segment.bytes", "", AlterConfigOpType.Delete);
        var incremented = await OwnAsync(admin);
        await admin.AlterConfigsAsync(new() { [Tuned] = [new ConfigEntry { Name = "retention.bytes", Value = "77" }] });
        var replaced = await OwnAsync(admin);

        Assert.Equal([("max.message.bytes", "5000"), ("retention.ms", "1000")], incremented);
        Assert.Equal([("retention.bytes", "77")], replaced);
    }

    [Fact]
    public async Task IncrementalAlterConfigs_OfAList_AppendAndSubtractItsItems()
    {
        await using var running = await RunningBroker.StartAsync();
        using var admin = running.Admin();
        await running.CreateTopicAsync("tuned");

        await IncrementAsync(admin, "cleanup.policy", "compact", AlterConfigOpType.Append);
        var appended = await OwnAsync(admin);
        await IncrementAsync(admin, "cleanup.policy", "delete", AlterConfigOpType.Subtract);
        var subtracted = await OwnAsync(admin);
        var refused = await Assert.ThrowsAsync<IncrementalAlterConfigsException>(
            () => IncrementAsync(admin, "retention.ms", "5", AlterConfigOpType.Append));

        Assert.Equal([("cleanup.policy", "delete,compact")], appended);
        Assert.Equal([("cleanup.policy", "compact")], subtracted);
        Assert.Equal(ErrorCode.InvalidConfig, refused.Results.Single().Error.Code);
    }

    [Fact]
    public async Task AlterConfigs_ThatAreWrong_ChangeNothing()
    {
        await using var running = await RunningBroker.StartAsync();
        using var admin = running.Admin();
        await running.CreateTopicAsync("tuned", config: new() { ["retention.ms"] = "1000" });
        var missing = new ConfigResource { Type = ResourceType.Topic, Name = "missing" };

        async Task<ErrorCode> Refused(ConfigResource resource, string name, string value) =>
            (await Assert.ThrowsAsync<AlterConfigsException>(() => admin.AlterConfigsAsync(
                new() { [resource] = [new ConfigEntry { Name = name, Value = value }] }))).Results.Single().Error.Code;

        Assert.Equal(ErrorCode.InvalidConfig, await Refused(Tuned, "no.such.setting", "1"));
        Assert.Equal(ErrorCode.InvalidConfig, await Refused(Tuned, "retention.ms", "soon"));
        Assert.Equal(ErrorCode.InvalidConfig, await Refused(Tuned, "cleanup.policy", "shred"));
        Assert.Equal(ErrorCode.UnknownTopicOrPart, await Refused(missing, "retention.ms", "1"));
        Assert.Equal([("retention.ms", "1000")], await OwnAsync(admin));
    }

    [Fact]
    public async Task DescribeConfigs_OfTheBroker_GivesItsSettings()
    {
        await using var running = await RunningBroker.StartAsync(options => options with { DefaultPartitions = 6 });
        using var admin = running.Admin();

        var broker = await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Broker, Name = "1" }]);

        Assert.Equal("6", broker.Single().Entries["num.partitions"].Value);
        Assert.True(broker.Single().Entries["num.partitions"].IsReadOnly);
    }

    private static Task IncrementAsync(IAdminClient admin, string name, string value, AlterConfigOpType operation) =>
        admin.IncrementalAlterConfigsAsync(new()
        {
            [Tuned] = [new ConfigEntry { Name = name, Value = value, IncrementalOperation = operation }],
        });

    private static async Task<(string Name, string Value)[]> OwnAsync(IAdminClient admin) =>
        [.. (await admin.DescribeConfigsAsync([Tuned])).Single().Entries.Values
            .Where(entry => entry.Source == ConfigSource.DynamicTopicConfig)
            .Select(entry => (entry.Name, entry.Value))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)];
}
