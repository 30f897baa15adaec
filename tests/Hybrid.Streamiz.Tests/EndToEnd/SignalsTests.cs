using Hybrid.Contracts.Measurement;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lanes;

namespace Hybrid.Streamiz.Tests.EndToEnd;

/// <summary>The window of the lane, its store and its changelog, through everything that a task's state goes through.</summary>
public sealed class SignalsTests(Stack stack) : IClassFixture<Stack>
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static TheoryData<string> Guarantees => new(nameof(StreamizGuarantee.AtLeastOnce), nameof(StreamizGuarantee.ExactlyOnce));

    public static TheoryData<string, string> Stores => new()
    {
        { nameof(StreamizGuarantee.AtLeastOnce), nameof(StreamizStateStore.RocksDb) },
        { nameof(StreamizGuarantee.AtLeastOnce), nameof(StreamizStateStore.Memory) },
        { nameof(StreamizGuarantee.ExactlyOnce), nameof(StreamizStateStore.RocksDb) },
    };

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Signals_AreCountedOverTheWindow_ThroughRestarts_WithAnyStore(string guarantee, string store)
    {
        var settings = Settings(guarantee);
        settings["Streamiz:StateStore"] = store;
        var input = new SignalsInput(1, Window);
        using var topic = await DeltasTopic.CreateAsync(settings);
        for (var run = 0; run < 3; run++)
        {
            input.Publish(topic, 5);
            await using var lane = await RunningLane.StartAsync(settings);
            await lane.UntilAsync(() => input.IsShownBy(lane.Index));
            input.Publish(topic, 5);
            await lane.UntilAsync(() => input.IsShownBy(lane.Index));
            await lane.StopAsync();

            Assert.Equal(600, lane.Counter(Instruments.RecordsConsumed));
            Assert.Equal(run > 0, lane.Counter(Instruments.WindowRebuiltEntries) > 0);
        }

        Assert.Equal(0, topic.Uncommitted());
        Assert.Equal((3, "compact"), topic.Describe(settings["Kafka:TopicPrefix"] + "streamiz-window-changelog"));
    }

    [Theory]
    [MemberData(nameof(Guarantees))]
    public async Task State_IsRestoredFromTheChangelog_AfterItsDirectoryIsDeleted(string guarantee)
    {
        var settings = Settings(guarantee);
        var input = new SignalsInput(2, Window);
        using var topic = await DeltasTopic.CreateAsync(settings);
        input.Publish(topic, 8);
        await using (var first = await RunningLane.StartAsync(settings))
        {
            await first.UntilAsync(() => input.IsShownBy(first.Index));
            await first.StopAsync();
        }

        Assert.NotEmpty(Directory.GetFiles(settings["Streamiz:StateDirectory"]!, "*.sst", SearchOption.AllDirectories));
        Directory.Delete(settings["Streamiz:StateDirectory"]!, recursive: true);
        input.Publish(topic, 1);
        await using var second = await RunningLane.StartAsync(settings);
        await second.UntilAsync(() => input.IsShownBy(second.Index));
        await second.StopAsync();

        Assert.Equal(60, second.Counter(Instruments.RecordsConsumed));
        Assert.InRange(second.Counter(Instruments.WindowRebuiltEntries), 100, 500);
    }

    [Fact]
    public async Task State_BehindATransactionThatAKilledInstanceLeftOpen_IsWaitedFor()
    {
        var settings = Settings(nameof(StreamizGuarantee.ExactlyOnce));
        settings["Streamiz:StateStore"] = nameof(StreamizStateStore.Memory);
        var input = new SignalsInput(6, Window);
        using var topic = await DeltasTopic.CreateAsync(settings);
        input.Publish(topic, 3);
        await using var first = await RunningLane.StartAsync(settings);
        await first.UntilAsync(() => input.IsShownBy(first.Index));
        using var killed = topic.LeaveOpen(settings["Kafka:TopicPrefix"] + "streamiz-window-changelog");
        input.Publish(topic, 3);
        await first.UntilAsync(() => input.IsShownBy(first.Index));
        await first.StopAsync();
        input.Publish(topic, 1);

        var starting = RunningLane.StartAsync(settings);
        await Task.Delay(TimeSpan.FromSeconds(2));
        killed.AbortTransaction(Patience);
        await using var second = await starting;
        await second.UntilAsync(() => input.IsShownBy(second.Index));

        Assert.Equal(60, second.Counter(Instruments.RecordsConsumed));
        await second.StopAsync();
    }

    [Theory]
    [MemberData(nameof(Guarantees))]
    public async Task TwoInstances_HandTheirWindowsToOneAnother_AndBackAgain(string guarantee)
    {
        var settings = Settings(guarantee);
        var other = new Dictionary<string, string?>(settings) { ["Streamiz:StateDirectory"] = settings["Streamiz:StateDirectory"] + "-other" };
        var input = new SignalsInput(4, Window);
        using var topic = await DeltasTopic.CreateAsync(settings);
        input.Publish(topic, 4);
        await using var staying = await RunningLane.StartAsync(settings);
        await staying.UntilAsync(() => input.IsShownBy(staying.Index));
        for (var round = 0; round < 2; round++)
        {
            using var coming = new LaneProcess(other);
            await coming.UntilAsync(() =>
            {
                input.Publish(topic, 1);
                return Task.FromResult(coming.Log.Contains("The window of partition", StringComparison.Ordinal));
            }, betweenMilliseconds: 50);
            await staying.UntilAsync(() => input.IsShownBy(staying.Index));
            Assert.DoesNotContain("is made of 0 entries", coming.Log, StringComparison.Ordinal);
            Assert.Equal(ExitCodes.Done, await coming.StopAsync());
            input.Publish(topic, 2);
            await staying.UntilAsync(() => input.IsShownBy(staying.Index));
        }

        await staying.StopAsync();
        Assert.Equal(0, topic.Uncommitted());
    }

    [Fact]
    public async Task Checkpoint_OfALaneThatStartsAndStopsWithoutWork_StaysWhereItIs()
    {
        var settings = Settings(nameof(StreamizGuarantee.AtLeastOnce));
        var input = new SignalsInput(5, Window);
        using var topic = await DeltasTopic.CreateAsync(settings);
        input.Publish(topic, 3);
        var checkpoints = new List<string>();
        for (var run = 0; run < 3; run++)
        {
            await using var lane = await RunningLane.StartAsync(settings);
            await lane.UntilAsync(() => input.IsShownBy(lane.Index));
            await lane.StopAsync();
            checkpoints.Add(string.Join('\n', Directory
                .GetFiles(settings["Streamiz:StateDirectory"]!, ".checkpoint", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText)));
        }

        Assert.Contains("window-changelog", checkpoints[0], StringComparison.Ordinal);
        Assert.All(checkpoints, checkpoint => Assert.Equal(checkpoints[0], checkpoint));
    }

    private Dictionary<string, string?> Settings(string guarantee)
    {
        var settings = stack.Settings();
        settings["Streamiz:Guarantee"] = guarantee;
        settings["Window:Length"] = Window.ToString("c");
        return settings;
    }
}
