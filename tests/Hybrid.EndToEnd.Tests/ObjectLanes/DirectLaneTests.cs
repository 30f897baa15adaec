using Hybrid.Contracts.Lanes;
using Hybrid.Contracts.Measurement;
using Hybrid.EndToEnd.Tests.Lanes;
using Hybrid.Pipeline.Hosting;
using Hybrid.Sandbox.Faults;

namespace Hybrid.EndToEnd.Tests.ObjectLanes;

public sealed class DirectLaneTests(ObjectLaneStack stack) : IClassFixture<ObjectLaneStack>
{
    private const int Documents = 60;

    [Fact]
    public async Task Partitions_WithBadLines_EndInTheTruth_AndTheAccountsAddUp()
    {
        await using var fixture = await FixtureAsync(partitions: 20, seed: 1);
        await using var lane = fixture.Start(20);
        await fixture.ConvergesAsync(lane, 20);
        await CaughtUpAsync(lane, fixture);

        var (lines, records) = fixture.Counts();
        Assert.Equal(lines - records, (await fixture.DeadLettersAsync()).Count);
        Assert.All(await fixture.DeadLettersAsync(), letter => Assert.Contains("\"content\":\"{\\\"documentId\\\":\\\"broken\"", letter, StringComparison.Ordinal));
        Assert.Equal(records, lane.Counter(Instruments.RecordsConsumed));
        Assert.Equal(records, lane.Samples(Instruments.FreshnessConsumed));
    }

    [Fact]
    public async Task LateAndReplacedObjects_AreFoundAgain()
    {
        await using var fixture = await FixtureAsync(partitions: 12, seed: 2);
        await using var lane = fixture.Start(12);
        await CaughtUpAsync(lane, fixture);

        await fixture.PutRandomAsync(9, "part-1.ndjson", new Random(3), 50, Documents);
        await fixture.PutAsync(10, "part-0.ndjson", [
            .. Enumerable.Range(0, Documents).SelectMany(document => Enumerable.Repeat(ObjectLaneFixture.Line("signal", $"d{document}", 10, 1, ",\"price\":2,\"quantity\":3"), 8)),
            ObjectLaneFixture.Line("upsert", "d1", 10, 9, ",\"title\":\"corrected\"")]);
        await fixture.ConvergesAsync(lane, 12);
        await CaughtUpAsync(lane, fixture);
        Assert.Equal((1, 1), (lane.Counter(Instruments.LateObjects), lane.Counter(Instruments.ReplacedObjects)));
    }

    [Fact]
    public async Task ReplacedByFewerSignals_WhileItWasDown_IsCountedAnewWithTheNextPartition()
    {
        await using var fixture = await FixtureAsync(partitions: 8, seed: 4);
        await using (var first = fixture.Start(8))
        {
            await CaughtUpAsync(first, fixture);
            await first.StopAsync();
        }

        await fixture.PutAsync(6, "part-0.ndjson", ObjectLaneFixture.Line("signal", "d2", 6, 0, ",\"price\":1,\"quantity\":1"));
        await using (var second = fixture.Start(8))
        {
            await second.UntilAsync(() => second.Counter(Instruments.ReplacedObjects) == 1, "the replaced object");
            await second.StopAsync();
        }

        await fixture.PutRandomAsync(8, "part-0.ndjson", new Random(5), 10, Documents);
        await using var third = fixture.Start(9);
        await fixture.ConvergesAsync(third, 9);
    }

    [Fact]
    public async Task Killed_AgainAndAgain_EndsInTheTruth()
    {
        await using var fixture = await FixtureAsync(partitions: 30, seed: 6);
        for (var (kill, sequence) = (0, 0L); kill < 4; kill++)
        {
            await using var process = fixture.StartProcess(30, ("Objects:CheckpointPartitions", "1"));
            sequence = await MovedAsync(fixture, process, sequence + 1 + kill);
            process.Kill();
        }

        await using var last = fixture.Start(30);
        await fixture.ConvergesAsync(last, 30);
        await CaughtUpAsync(last, fixture);
        var (lines, records) = fixture.Counts();
        Assert.Equal(lines - records, (await fixture.DeadLettersAsync()).Count);
    }

    [Fact]
    public async Task TwoInstances_NeverBothMoveTheCursor_AndOneTakesOverFromTheOther()
    {
        await using var fixture = await FixtureAsync(partitions: 30, seed: 7);
        await using var one = fixture.Start(30, ("Objects:CheckpointPartitions", "1"));
        await using var other = fixture.Start(30, ("Objects:CheckpointPartitions", "1"));
        await one.UntilAsync(() => one.Counter(Instruments.OffsetCommits) > 2 || other.Counter(Instruments.OffsetCommits) > 2, "a cursor that moves");
        var (leader, follower) = one.Counter(Instruments.OffsetCommits) > other.Counter(Instruments.OffsetCommits) ? (one, other) : (other, one);
        await leader.StopAsync();
        await fixture.ConvergesAsync(follower, 30);
        await CaughtUpAsync(follower, fixture);
        Assert.Equal((await fixture.CursorAsync())!.Sequence, one.Counter(Instruments.OffsetCommits) + other.Counter(Instruments.OffsetCommits));
    }

    [Fact]
    public async Task Stopped_InTheMiddle_GoesOnWhereItWas()
    {
        await using var fixture = await FixtureAsync(partitions: 30, seed: 8);
        var consumed = 0L;
        await using (var first = fixture.Start(30, ("Objects:CheckpointPartitions", "1")))
        {
            await first.UntilAsync(() => first.Counter(Instruments.OffsetCommits) > 3, "a cursor that moves");
            await first.StopAsync();
            consumed = first.Counter(Instruments.RecordsConsumed);
        }

        Assert.Equal(consumed, (await fixture.CursorAsync())!.Progress.Counts.Records);
        await using var second = fixture.Start(30);
        await fixture.ConvergesAsync(second, 30);
    }

    [Fact]
    public async Task ToldToStop_WhileSolrIsDown_EndsWithinItsDeadline_AndNothingIsLost()
    {
        await using var fixture = await FixtureAsync(partitions: 12, seed: 10);
        using (stack.Inject(new FaultSpecification { Service = "solr", Target = fixture.Collection, Operation = "update", Error = "503" }))
        await using (var process = fixture.StartProcess(12, ("Lane:DrainDeadline", "00:00:00.300"), ("Window:Length", "00:00:00")))
        {
            using var patience = new CancellationTokenSource(LaneFixture.Patience);
            while (!(process.Output + process.Errors).Contains("is tried again", StringComparison.Ordinal))
            {
                Assert.False(process.HasExited, process.Errors);
                await Task.Delay(10, patience.Token);
            }

            process.Interrupt();
            Assert.Equal(0, await process.WaitAsync());
            Assert.Null(await fixture.CursorAsync());
        }

        await using var next = fixture.Start(12);
        await fixture.ConvergesAsync(next, 12);
    }

    [Fact]
    public async Task SourceThatTurnedToGarbage_StopsTheLane_BeforeItsCursor()
    {
        await using var fixture = await FixtureAsync(partitions: 2, seed: 11);
        await fixture.PutAsync(2, "part-0.ndjson", [.. Enumerable.Repeat("garbage", 1_500)]);
        await using var lane = fixture.Start(3, ("Objects:CheckpointPartitions", "1"));
        var failure = await Assert.ThrowsAsync<HybridException>(() => lane.Completion.WaitAsync(LaneFixture.Patience));
        Assert.Contains("raise Objects:MaxErrorShare (0.5)", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ObjectLaneFixture.Partition(2).Start, (await fixture.CursorAsync())!.Progress.Watermark);
    }

    [Fact]
    public async Task Latest_SkipsWhatWasMissed_AndSaysHowMuch()
    {
        await using var fixture = await FixtureAsync(partitions: 4, seed: 9);
        await using (var first = fixture.Start(4))
        {
            await CaughtUpAsync(first, fixture);
            await first.StopAsync();
        }

        await fixture.PutAsync(5, "part-0.ndjson", ObjectLaneFixture.Line("upsert", "skipped", 5, 0));
        await fixture.PutAsync(9, "part-0.ndjson", ObjectLaneFixture.Line("upsert", "newest", 9, 0));
        await using var second = fixture.Start(10, ("Lane:Restart", "Latest"));
        await second.UntilAsync(async () => (await fixture.Reader.VersionsAsync(["newest"], default)).Count == 1, () => Task.FromResult("the newest"));
        await second.UntilAsync(() => second.Gauge(Instruments.LagPartitions) == 0, "no lag");
        Assert.Equal(5, second.Counter(Instruments.PartitionsSkipped));
        Assert.Empty(await fixture.Reader.VersionsAsync(["skipped"], default));
    }

    private async Task<ObjectLaneFixture> FixtureAsync(int partitions, int seed)
    {
        var fixture = new ObjectLaneFixture(stack, LaneNames.Direct);
        await fixture.EnsureBucketAsync();
        var random = new Random(seed);
        for (var partition = 0; partition < partitions; partition++)
        {
            await fixture.PutRandomAsync(partition, "part-0.ndjson", random, 80, Documents);
        }

        return fixture;
    }

    private static Task CaughtUpAsync(RunningLane lane, ObjectLaneFixture fixture) => lane.UntilAsync(
        async () => lane.Gauge(Instruments.LagPartitions) == 0 && await fixture.CursorAsync() is { } cursor
            && (cursor.Progress.Counts.Lines, cursor.Progress.Counts.Records) == fixture.Counts(),
        async () => $"the cursor counts {(await fixture.CursorAsync())?.Progress.Counts}, not {fixture.Counts()}");

    private static async Task<long> MovedAsync(ObjectLaneFixture fixture, CommandLine.HybridProcess process, long sequence)
    {
        using var patience = new CancellationTokenSource(LaneFixture.Patience);
        while (await fixture.CursorAsync() is not { } cursor || cursor.Sequence < sequence)
        {
            patience.Token.ThrowIfCancellationRequested();
            Assert.False(process.HasExited, process.Errors);
            await Task.Delay(5, patience.Token);
        }

        return (await fixture.CursorAsync())!.Sequence;
    }
}
