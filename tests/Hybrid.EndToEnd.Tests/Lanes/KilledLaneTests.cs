using Hybrid.Contracts.Lanes;

namespace Hybrid.EndToEnd.Tests.Lanes;

public sealed class KilledLaneTests(LaneStack stack) : IClassFixture<LaneStack>
{
    /// <summary>Lane, and the seed of the load and of the moments of the kills.</summary>
    public static TheoryData<string, int> Seeds => new() { { LaneNames.MicroBatch, 1 }, { LaneNames.Streaming, 2 } };

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task LaneThatIsKilledAtRandomMoments_EndsInTheTruth(string name, int seed)
    {
        var random = new Random(seed);
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        var load = new MixedLoad(fixture, seed);
        for (var kill = 0; kill < 4; kill++)
        {
            await using var lane = fixture.StartProcess(
                MixedLoad.Window, ("Lane:Instance", "one"), ("Lane:BulkDocuments", "10"), ("Lane:Interval", "00:00:00.005"), ("Lane:CommitInterval", "00:00:00.010"));
            await lane.UntilAsync(
                async () =>
                {
                    await load.PublishAsync();
                    return lane.Consumed() > 0;
                },
                "the lane reads");
            if (kill % 2 == 1)
            {
                // Then its successor begins within the window, and has to bring it back.
                await lane.UntilAsync(() => Task.FromResult(lane.HasCaughtUp()), "the lane has caught up");
            }

            await load.PublishAsync();
            await Task.Delay(random.Next(120));
            await lane.KillAsync();
            await load.PublishAsync();
        }

        await using var last = fixture.Start();
        await load.ConvergesAsync(last);
        await last.UntilAsync(() => fixture.Uncommitted() == 0, "everything committed");
    }
}
