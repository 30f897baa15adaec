using Hybrid.Contracts.Lanes;
using Hybrid.Contracts.Measurement;
using Hybrid.EndToEnd.Tests.Lanes;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.EndToEnd.Tests.ObjectLanes;

public sealed class BatchLaneTests(ObjectLaneStack stack) : IClassFixture<ObjectLaneStack>
{
    private const int Documents = 60;

    private static readonly (string, string) Once = ("Batch:Once", "true");

    [Fact]
    public async Task Once_EndsInTheTruth_AndReturns()
    {
        await using var fixture = await FixtureAsync(partitions: 20, seed: 1);
        await using var lane = fixture.Start(20, Once);
        await lane.Completion.WaitAsync(LaneFixture.Patience);
        await IsRightAsync(fixture, 20);
        var (lines, records) = fixture.Counts();
        Assert.Equal((lines, records), ((await fixture.CursorAsync())!.Progress.Counts.Lines, (await fixture.CursorAsync())!.Progress.Counts.Records));
        Assert.Equal(lines - records, (await fixture.DeadLettersAsync()).Count);
        Assert.Equal(records, lane.Samples(Instruments.FreshnessConsumed));
    }

    [Fact]
    public async Task RunAgain_WithLateAndReplacedObjects_CountsEachLineOnce()
    {
        await using var fixture = await FixtureAsync(partitions: 12, seed: 2);
        await RunAsync(fixture, 12, Once);
        await fixture.PutRandomAsync(9, "part-1.ndjson", new Random(3), 50, Documents);
        await fixture.PutAsync(10, "part-0.ndjson", ObjectLaneFixture.Line("upsert", "d1", 10, 9, ",\"title\":\"corrected\""));
        await fixture.PutRandomAsync(12, "part-0.ndjson", new Random(4), 50, Documents);
        var consumed = await RunAsync(fixture, 13, Once);
        await IsRightAsync(fixture, 13);
        Assert.True(consumed < 101, $"{consumed} records are new");
        Assert.Equal(fixture.Counts().Lines, (await fixture.CursorAsync())!.Progress.Counts.Lines);
        Assert.Equal(fixture.Counts().Lines - fixture.Counts().Records, (await fixture.DeadLettersAsync()).Count);
    }

    [Fact]
    public async Task Scheduled_RunsAtItsTimes_AndWhatTheScheduleLetsWaitIsInTheFreshness()
    {
        await using var fixture = await FixtureAsync(partitions: 12, seed: 5);
        var start = DateTimeOffset.UtcNow;
        await using var lane = fixture.Start(
            12,
            ("Batch:Schedule", "*/20 * * * *"),
            ("Clock:Origin", ObjectLaneFixture.Origin.ToString("O")),
            ("Clock:Start", start.ToString("O")),
            ("Clock:Speed", "1200"));
        await fixture.ConvergesAsync(lane, 12);
        Assert.InRange(lane.Counter(Instruments.OffsetCommits), 1, 3);
        await lane.UntilAsync(() => lane.Gauge(Instruments.LagPartitions) == 0, "no lag");
        Assert.Equal(fixture.Counts().Records, lane.Samples(Instruments.FreshnessConsumed));
        await lane.StopAsync();
    }

    [Fact]
    public async Task RangeRunAgain_RepairsWhatTheIndexLost_AndLeavesTheCursor()
    {
        await using var fixture = await FixtureAsync(partitions: 16, seed: 6);
        await RunAsync(fixture, 16, Once);
        var before = (await fixture.CursorAsync())!.Sequence;
        await fixture.Solr.DeleteCollectionAsync(fixture.Collection, default);
        for (var again = 0; again < 2; again++)
        {
            await RunAsync(fixture, 16, Range(0, 16));
            await IsRightAsync(fixture, 16);
        }

        Assert.Equal(before, (await fixture.CursorAsync())!.Sequence);
    }

    [Fact]
    public async Task Killed_AgainAndAgain_EndsInTheTruth()
    {
        await using var fixture = await FixtureAsync(partitions: 40, seed: 7);
        for (var kill = 0; kill < 3; kill++)
        {
            await using var process = fixture.StartProcess(40, Once, ("Objects:CheckpointLines", "50"), ("Lane:MaxBatchRecords", "40"));
            using var patience = new CancellationTokenSource(LaneFixture.Patience);
            var from = (await fixture.CursorAsync())?.Sequence ?? 0;
            while (!process.HasExited && ((await fixture.CursorAsync())?.Sequence ?? 0) <= from + kill)
            {
                await Task.Delay(5, patience.Token);
            }

            process.Kill();
        }

        await RunAsync(fixture, 40, Once);
        await IsRightAsync(fixture, 40);
        Assert.Equal(fixture.Counts().Lines, (await fixture.CursorAsync())!.Progress.Counts.Lines);
    }

    [Fact]
    public async Task TwoInstances_AtOnce_CountEachLineOnce()
    {
        await using var fixture = await FixtureAsync(partitions: 12, seed: 8);
        await Task.WhenAll(RunAsync(fixture, 12, Once), RunAsync(fixture, 12, Once));
        await IsRightAsync(fixture, 12);
        Assert.Equal(fixture.Counts().Lines, (await fixture.CursorAsync())!.Progress.Counts.Lines);
    }

    [Fact]
    public async Task Rebuilt_ReadersSeeAWholeIndexAllTheTime_AndTheOldOneGoes()
    {
        await using var fixture = await FixtureAsync(partitions: 30, seed: 9);
        await RunAsync(fixture, 30, Once);
        await fixture.Solr.CommitAsync(fixture.Collection, default);
        var whole = await fixture.Reader.CountAsync(tombstones: true, default);
        await fixture.PutAsync(30, "part-0.ndjson", [.. Enumerable.Range(0, 500).Select(line => ObjectLaneFixture.Line("upsert", $"new{line}", 30, line))]);

        using var done = new CancellationTokenSource();
        var looking = Task.Run(async () =>
        {
            var seen = new HashSet<long>();
            while (!done.IsCancellationRequested)
            {
                seen.Add(await fixture.Reader.CountAsync(tombstones: true, default));
            }

            return seen;
        });
        await RunAsync(fixture, 31, ("Batch:Rebuild", "true"));
        await done.CancelAsync();
        Assert.Subset(new HashSet<long> { whole, whole + 500 }, await looking);
        await IsRightAsync(fixture, 31);
        Assert.Equal([fixture.Collection], await fixture.Solr.ListAsync(fixture.Collection, default));

        await RunAsync(fixture, 31, ("Batch:Rebuild", "true"));
        await IsRightAsync(fixture, 31);
    }

    [Fact]
    public async Task RebuildKilled_LeavesTheOldIndex_AndTheNextOneTidiesUp()
    {
        await using var fixture = await FixtureAsync(partitions: 30, seed: 10);
        await RunAsync(fixture, 30, Once);
        await using (var process = fixture.StartProcess(30, ("Batch:Rebuild", "true"), ("Lane:MaxBatchRecords", "1"), ("Lane:BulkDocuments", "1")))
        {
            using var patience = new CancellationTokenSource(LaneFixture.Patience);
            while ((await fixture.Solr.ListAsync(fixture.Collection + "-rebuild-", default)).Count == 0)
            {
                Assert.False(process.HasExited, process.Errors);
                await Task.Delay(5, patience.Token);
            }

            process.Kill();
            await process.WaitAsync();
        }

        await IsRightAsync(fixture, 30);
        await RunAsync(fixture, 30, ("Batch:Rebuild", "true"));
        await IsRightAsync(fixture, 30);
        Assert.Equal([fixture.Collection], await fixture.Solr.ListAsync(fixture.Collection, default));
    }

    [Theory]
    [InlineData("Batch:Schedule", "every hour", "Batch:Schedule is 'every hour': it has 2 fields")]
    [InlineData("Batch:From", "2011-12-01T08:00:00Z", "Batch:From and Batch:To (--from, --to) belong together")]
    public async Task WrongOptions_AreSaidInOneLine(string key, string value, string message)
    {
        await using var fixture = new ObjectLaneFixture(stack, LaneNames.Batch);
        var failure = Assert.Throws<HybridException>(() => fixture.Start(1, (key, value)));
        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
    }

    private static (string, string)[] Range(int from, int to) =>
    [
        ("Batch:From", ObjectLaneFixture.Partition(from).Start.ToString("O")),
        ("Batch:To", ObjectLaneFixture.Partition(to).Start.ToString("O")),
    ];

    private static async Task<long> RunAsync(ObjectLaneFixture fixture, int partitions, params (string, string)[] settings)
    {
        await using var lane = fixture.Start(partitions, settings);
        await lane.Completion.WaitAsync(LaneFixture.Patience);
        return lane.Counter(Instruments.RecordsConsumed);
    }

    private static async Task IsRightAsync(ObjectLaneFixture fixture, int partitions)
    {
        var verdict = await fixture.JudgeAsync(partitions);
        Assert.True(verdict.Converged, string.Join("; ", verdict.Examples));
    }

    private async Task<ObjectLaneFixture> FixtureAsync(int partitions, int seed)
    {
        var fixture = new ObjectLaneFixture(stack, LaneNames.Batch);
        await fixture.EnsureBucketAsync();
        var random = new Random(seed);
        for (var partition = 0; partition < partitions; partition++)
        {
            await fixture.PutRandomAsync(partition, "part-0.ndjson", random, 80, Documents);
        }

        return fixture;
    }
}
