using Hybrid.Contracts.Lanes;
using Hybrid.Contracts.Measurement;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lanes;
using Hybrid.Sandbox.Faults;
using static Hybrid.EndToEnd.Tests.Lanes.LaneDeltas;

namespace Hybrid.EndToEnd.Tests.Lanes;

public sealed class RebalanceTests(LaneStack stack) : IClassFixture<LaneStack>
{
    private const int PartitionsPaused = 405;

    public static TheoryData<string> Lanes => [LaneNames.MicroBatch, LaneNames.Streaming];

    public static TheoryData<string, string> LanesAndAssignors => new()
    {
        { LaneNames.MicroBatch, nameof(LaneAssignor.CooperativeSticky) },
        { LaneNames.Streaming, nameof(LaneAssignor.Range) },
    };

    [Theory]
    [MemberData(nameof(LanesAndAssignors))]
    public async Task MembersThatComeAndGo_LoseNothing_AndCountNothingTwice(string name, string assignor)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        var load = new MixedLoad(fixture, seed: 17);
        await using var stays = fixture.Start(MixedLoad.Window, ("Lane:Assignor", assignor), ("Lane:SessionTimeout", "00:00:02"));
        await UntilItReadsAsync(load, stays);

        await using var leaves = fixture.Start();
        await UntilItReadsAsync(load, leaves);
        await using var dies = fixture.StartProcess();
        await UntilItReadsAsync(load, dies);

        await dies.KillAsync();
        await load.PublishAsync();
        await using var ends = fixture.StartProcess();
        await UntilItReadsAsync(load, ends);
        await leaves.StopAsync();
        await load.PublishAsync();
        var code = await ends.StopAsync();
        Assert.True(code == 0, $"{code}: {ends.Errors}");
        await load.PublishAsync();
        await load.ConvergesAsync(stays);
        await stays.UntilAsync(() => fixture.Uncommitted() == 0, "everything committed");
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task PartitionsGivenUpWhileTheyWerePaused_AreReadWhenTheyComeBack(string name)
    {
        using var faults = new FaultCatalog(TimeProvider.System);
        await using var solr = stack.Solr($"paused-{name}", faults);
        await solr.StartAsync(CancellationToken.None);
        await using var fixture = await LaneFixture.CreateAsync(stack, name, solr.BaseAddress.ToString());
        await using var stays = fixture.Start(("Lane:MaxInFlightRecords", "50"), ("Lane:DrainDeadline", "00:00:00.050"));
        var deltas = Many(300, 100, new Random(8));
        await fixture.PublishAsync(deltas);
        await fixture.ConvergesAsync(stays, deltas);

        var outage = faults.Add(new FaultSpecification { Service = "solr", Operation = "update", Error = "503" });
        var missed = Many(600, 100, new Random(9)).Select(delta => delta with { Version = delta.Version + 1_000 }).ToArray();
        await fixture.PublishAsync(missed);
        await stays.UntilAsync(() => stays.HasLogged(PartitionsPaused), "the partitions paused");
        await using (var comes = fixture.Start())
        {
            await comes.UntilAsync(() => comes.Counter(Instruments.RecordsConsumed) > 0, "the other member took partitions over");
            faults.Clear(outage.Id);
            await fixture.ConvergesAsync(stays, [.. deltas, .. missed]);
            await comes.StopAsync();
        }

        var last = Enumerable.Range(0, 60).Select(i => Upsert($"last{i}", 1)).ToArray();
        await fixture.PublishAsync(last);
        await fixture.ConvergesAsync(stays, [.. deltas, .. missed, .. last]);
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task GroupThatDoesNotTakeTheLane_EndsItWithOneLine(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        await using var stays = fixture.Start();
        await fixture.PublishAsync(Upsert("a", 1));
        await fixture.ConvergesAsync(stays, [Upsert("a", 1)]);

        await using var other = fixture.Start(("Lane:Assignor", "Range"));
        await EndsAsync(other, "Lane:Assignor");
        await using var hasty = fixture.Start(("Lane:Assignor", "CooperativeSticky"), ("Lane:SessionTimeout", "00:00:01"));
        await EndsAsync(hasty, "Lane:SessionTimeout");
    }

    private static async Task EndsAsync(RunningLane lane, string option)
    {
        var refused = await Assert.ThrowsAsync<HybridException>(() => lane.Completion.WaitAsync(LaneFixture.Patience));
        Assert.Equal(ExitCodes.WrongCall, refused.ExitCode);
        Assert.Contains(option, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private static Task UntilItReadsAsync(MixedLoad load, RunningLane lane) => lane.UntilAsync(
        async () =>
        {
            await load.PublishAsync();
            return lane.Counter(Instruments.RecordsConsumed) > 0;
        },
        () => Task.FromResult("never: the member reads"));

    private static Task UntilItReadsAsync(MixedLoad load, LaneProcess lane) => lane.UntilAsync(
        async () =>
        {
            await load.PublishAsync();
            return lane.Consumed() > 0;
        },
        "the member reads");
}
