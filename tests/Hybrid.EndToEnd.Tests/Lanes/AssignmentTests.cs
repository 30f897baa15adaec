using Hybrid.Contracts.Lanes;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lanes;
using Hybrid.Sandbox.Faults;

namespace Hybrid.EndToEnd.Tests.Lanes;

/// <summary>What happens to a lane between being given partitions and knowing where to begin in them.</summary>
public sealed class AssignmentTests(LaneStack stack) : IClassFixture<LaneStack>
{
    private const int StartsUnknown = 413;
    private const int PartitionsAssigned = 401;

    public static TheoryData<string, string> LanesAndAssignors => new()
    {
        { LaneNames.MicroBatch, nameof(LaneAssignor.CooperativeSticky) },
        { LaneNames.Streaming, nameof(LaneAssignor.CooperativeSticky) },
        { LaneNames.Streaming, nameof(LaneAssignor.Range) },
    };

    [Theory]
    [MemberData(nameof(LanesAndAssignors))]
    public async Task ToldToStop_WhileItAsksWhereToBegin_TheLaneEnds(string name, string assignor)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        using (stack.Inject(new FaultSpecification { Service = "kafka", Operation = "OffsetFetch", Error = "GROUP_AUTHORIZATION_FAILED" }))
        {
            await using var lane = fixture.Start(("Lane:Assignor", assignor));
            await lane.UntilAsync(() => lane.HasLogged(StartsUnknown), "it asks again where to begin");
            await lane.StopAsync();
        }
    }

    [Theory]
    [MemberData(nameof(LanesAndAssignors))]
    public async Task WhereTheWindowCannotBeRebuilt_TheLaneEndsWithOneLine_AndTheNextOneHasLostNothing(string name, string assignor)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        var load = new MixedLoad(fixture, seed: 4);
        await using (var first = fixture.Start(MixedLoad.Window, ("Lane:Assignor", assignor)))
        {
            await load.PublishAsync();
            await load.ConvergesAsync(first);
            await first.UntilAsync(() => fixture.Uncommitted() == 0, "everything committed");
            await first.StopAsync();
        }

        await load.PublishAsync();
        using (stack.Inject(new FaultSpecification { Service = "registry", Operation = "GetSchema", Error = "503", RetryAfter = "0s" }))
        {
            await using var fails = fixture.Start();
            var refused = await Assert.ThrowsAsync<HybridException>(() => fails.Completion.WaitAsync(LaneFixture.Patience));
            Assert.Equal(ExitCodes.Unreachable, refused.ExitCode);
            Assert.Contains("registry", refused.Message, StringComparison.Ordinal);
        }

        await using var last = fixture.Start();
        await load.ConvergesAsync(last);
    }

    [Theory]
    [MemberData(nameof(LanesAndAssignors))]
    public async Task ToldToStop_WhileItRebuildsTheWindow_TheLaneEnds(string name, string assignor)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        var load = new MixedLoad(fixture, seed: 5);
        await using (var first = fixture.Start(MixedLoad.Window, ("Lane:Assignor", assignor)))
        {
            await load.PublishAsync();
            await load.ConvergesAsync(first);
            await first.UntilAsync(() => fixture.Uncommitted() == 0, "everything committed");
            await first.StopAsync();
        }

        using (stack.Inject(new FaultSpecification { Service = "registry", Operation = "GetSchema", Latency = "1h" }))
        {
            await using var stops = fixture.Start();
            await stops.UntilAsync(() => stops.HasLogged(PartitionsAssigned), "it is given partitions");
            await stops.StopAsync();
        }
    }
}
