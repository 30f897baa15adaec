using Hybrid.Contracts.Lanes;
using Hybrid.Contracts.Measurement;
using Hybrid.EndToEnd.Tests.Lanes;
using Hybrid.EndToEnd.Tests.Publisher;

namespace Hybrid.EndToEnd.Tests.ObjectLanes;

public sealed class HybridLaneTests(ObjectLaneStack stack) : IClassFixture<ObjectLaneStack>
{
    private const int Documents = 80;

    private const string NextYear = "0 0 1 1 *";
    private const string EveryMinute = "* * * * *";

    [Fact]
    public async Task RestartedWithLatest_TheStreamMissesAttributes_AndTheNextPassBringsTheTruth()
    {
        await using var fixture = new ObjectLaneFixture(stack, LaneNames.Hybrid);
        await fixture.EnsureBucketAsync();
        (string, string)[] clock =
        [
            ("Clock:Origin", (ObjectLaneFixture.Partition(12).Start + TimeSpan.FromSeconds(1)).ToString("O")),
            ("Clock:Start", DateTimeOffset.UtcNow.ToString("O")),
            ("Clock:Speed", "1"),
        ];
        await PublishAsync(fixture, 0, 6, clock);
        await using (var before = fixture.Start(6, [("Batch:Schedule", NextYear), .. clock]))
        {
            await before.UntilAsync(() => before.HasCaughtUp && before.Counter(Instruments.RecordsConsumed) > 0, "the stream's end");
            await before.StopAsync();
        }

        // Nobody is there for these.
        await PublishAsync(fixture, 6, 12, clock);
        await using (var latest = fixture.Start(12, [("Lane:Restart", "Latest"), ("Batch:Schedule", NextYear), .. clock]))
        {
            await latest.UntilAsync(() => latest.HasCaughtUp && latest.Counter(Instruments.RecordsSkipped) > 0, "the skipped records");
            await latest.StopAsync();
            Assert.False((await fixture.JudgeAsync(12)).Converged);
        }

        await using var repaired = fixture.Start(12, [("Lane:Restart", "Latest"), ("Batch:Schedule", EveryMinute), .. clock]);
        await fixture.ConvergesAsync(repaired, 12);
        await repaired.UntilAsync(() => repaired.Gauge(Instruments.LagPartitions) == 0 && repaired.HasCaughtUp, "no lag");
        await repaired.StopAsync();
        Assert.Empty(await fixture.DeadLettersAsync());
    }

    [Fact]
    public async Task StreamAndPasses_AtOnce_EndInTheTruth()
    {
        await using var fixture = new ObjectLaneFixture(stack, LaneNames.Hybrid);
        await fixture.EnsureBucketAsync();
        await PublishAsync(fixture, 0, 3);
        await using var lane = fixture.Start(
            15,
            ("Batch:Schedule", EveryMinute),
            ("Clock:Origin", ObjectLaneFixture.Origin.ToString("O")),
            ("Clock:Start", DateTimeOffset.UtcNow.ToString("O")),
            ("Clock:Speed", "600"));
        for (var partition = 3; partition < 15; partition += 3)
        {
            await PublishAsync(fixture, partition, partition + 3);
        }

        await fixture.ConvergesAsync(lane, 15);
        await lane.UntilAsync(() => lane.HasCaughtUp, "no lag");
        await lane.StopAsync();
    }

    /// <summary>Puts partitions and has a publisher publish them.</summary>
    private static async Task PublishAsync(ObjectLaneFixture fixture, int from, int to, params (string, string)[] clock)
    {
        for (var partition = from; partition < to; partition++)
        {
            await fixture.PutRandomAsync(partition, "part-0.ndjson", new Random(partition), 60, Documents);
        }

        await using var publisher = new RunningPublisher(
            fixture.Configuration(fixture.With(to, [("Publisher:ExitWhenDone", "true"), .. clock])), store: null);
        await publisher.EndsAsync();
    }
}
