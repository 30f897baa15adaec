using Hybrid.Contracts.Lanes;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Records;
using Hybrid.EndToEnd.Tests.Lanes;
using Hybrid.Sandbox.Faults;

namespace Hybrid.EndToEnd.Tests.FailureModes;

/// <summary>The failure modes that docs/failure-modes.md lists: each is brought about, kept from doing harm, and shown by the metric that the page names.</summary>
public sealed class FailureModeTests(LaneStack stack) : IClassFixture<LaneStack>
{
    private const int TooLongForATerm = 33_000;

    public static TheoryData<string> Lanes => [LaneNames.MicroBatch, LaneNames.Streaming];

    [Fact]
    public async Task HeadOfLineBlocking_OneStuckRequest_HoldsBackOneOfStreamingsPipelines_AndNoCommitPassesIt()
    {
        await using var solr = await FailingSolr.StartAsync(stack);
        await using var fixture = await LaneFixture.CreateAsync(stack, LaneNames.Streaming, solr.Url);
        await using var lane = fixture.Start(("Lane:Pipelines", "4"));
        solr.HoldNext();
        await fixture.PublishAsync(LaneDeltas.Upsert("stuck", 1));
        await lane.UntilAsync(() => solr.Hits == 1, "the request that gets stuck");

        var others = Many(40);
        await fixture.PublishAsync(others);
        await lane.UntilAsync(async () => (await fixture.IndexAsync()).Count > 10, () => Task.FromResult("the other pipelines go on"));
        Assert.DoesNotContain(await fixture.IndexAsync(), document => document.Id == "stuck");
        Assert.NotEqual(0, fixture.Uncommitted());
        await lane.UntilAsync(() => lane.Gauge(Instruments.InFlight) >= 1, "the gauge of what is in flight");

        solr.LetGo();
        await fixture.ConvergesAsync(lane, [LaneDeltas.Upsert("stuck", 1), .. others]);
        await lane.UntilAsync(() => lane.HasCaughtUp && lane.Gauge(Instruments.InFlight) == 0, "nothing in flight");
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task HeadOfLineBlocking_ARecordThatCannotBeRead_StepsAsideIntoTheDeadLetters(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        await fixture.PublishPoisonAsync("d0");
        var others = Many(30);
        await fixture.PublishAsync(others);
        await using var lane = fixture.Start();

        await fixture.ConvergesAsync(lane, others);
        await lane.UntilAsync(() => lane.HasCaughtUp, "no lag");
        Assert.Equal(1, lane.Counter(Instruments.DeadLetters));
        Assert.Equal(0, fixture.Uncommitted());
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task BatchLoss_WhileSolrRefusesBulks_NothingIsCommitted_AndEverythingComesWhenItIsWell(string name)
    {
        await using var solr = await FailingSolr.StartAsync(stack);
        await using var fixture = await LaneFixture.CreateAsync(stack, name, solr.Url);
        solr.Inject(new FaultSpecification { Error = "503", RetryAfter = "0s" });
        var deltas = Many(200);
        await fixture.PublishAsync(deltas);
        await using var lane = fixture.Start();
        await lane.UntilAsync(() => lane.Counter(Instruments.SolrRetries) >= 3, "bulks tried again");

        Assert.True(fixture.Uncommitted() >= deltas.Length);
        Assert.Equal(0, lane.Counter(Instruments.OffsetCommits));
        solr.LetGo();
        await fixture.ConvergesAsync(lane, deltas);
        await lane.UntilAsync(() => lane.HasCaughtUp, "no lag");
        Assert.Equal(0, lane.Counter(Instruments.DeadLetters));
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task Duplicates_BulksThatWereAppliedAndNotAnswered_AreWrittenTwice_AndShowOnce(string name)
    {
        await using var solr = await FailingSolr.StartAsync(stack);
        await using var fixture = await LaneFixture.CreateAsync(stack, name, solr.Url);
        solr.Inject(new FaultSpecification { Drop = true, When = "after", Times = 3 });
        var deltas = LaneDeltas.Many(400, 40, new Random(7));
        await fixture.PublishAsync(deltas);
        await using var lane = fixture.Start();

        await fixture.ConvergesAsync(lane, deltas);
        await lane.UntilAsync(() => lane.HasCaughtUp, "no lag");
        Assert.Equal(3, solr.Hits);
        Assert.True(lane.Counter(Instruments.SolrRetries) >= 3);
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task MemoryPressure_UnderAStoppedSolr_WhatIsInFlightStopsAtItsBound_AndTheLagTells(string name)
    {
        const int Bound = 100;
        const int Records = 3_000;
        await using var solr = await FailingSolr.StartAsync(stack);
        await using var fixture = await LaneFixture.CreateAsync(stack, name, solr.Url);
        solr.Inject(new FaultSpecification { Error = "503", RetryAfter = "0s" });
        var deltas = Many(Records);
        await fixture.PublishAsync(deltas);
        await using var lane = fixture.Start(("Lane:MaxInFlightRecords", $"{Bound}"));
        await lane.UntilAsync(
            () =>
            {
                Assert.InRange(lane.Gauge(Instruments.InFlight) ?? 0, 0, Bound);
                return lane.Gauge(Instruments.InFlight) == Bound && lane.Gauge(Instruments.LagRecords) >= Records && lane.Counter(Instruments.SolrRetries) >= 3;
            },
            "the bound reached, and the rest left in Kafka");

        Assert.Equal(Bound, lane.Counter(Instruments.RecordsConsumed));
        solr.LetGo();
        await fixture.ConvergesAsync(lane, deltas);
    }

    [Fact]
    public async Task TailLatency_BehindAStall_MicroBatchGathersOneLargerBatch_NotAQueueOfSmallOnes()
    {
        await using var solr = await FailingSolr.StartAsync(stack);
        await using var fixture = await LaneFixture.CreateAsync(stack, LaneNames.MicroBatch, solr.Url);
        await using var lane = fixture.Start(("Lane:Interval", "00:00:00.001"));
        var deltas = await ArriveBehindAStallAsync(solr, fixture, lane);

        Assert.Equal(2, lane.Counter(Instruments.Batches));
        Assert.Equal(deltas.Length, lane.Samples(Instruments.RecordLatency));
        Assert.Equal(2, lane.Samples(Instruments.BatchLatency));
    }

    [Fact]
    public async Task TailLatency_BehindAStall_StreamingSendsWhatQueuedInOneRequest()
    {
        await using var solr = await FailingSolr.StartAsync(stack);
        await using var fixture = await LaneFixture.CreateAsync(stack, LaneNames.Streaming, solr.Url);
        await using var lane = fixture.Start(("Lane:Pipelines", "1"));
        var deltas = await ArriveBehindAStallAsync(solr, fixture, lane);

        Assert.Equal(2, lane.Counter(Instruments.SolrRequests));
        Assert.Equal(deltas.Length, lane.Samples(Instruments.RecordLatency));
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task PartialFailure_OneDocumentThatSolrRefuses_CostsItsBulkNothingElse(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        var deltas = Many(60);
        var bad = LaneDeltas.Upsert("bad", 1) with { Category = new string('x', TooLongForATerm) };
        await fixture.PublishAsync([.. deltas[..30], bad, .. deltas[30..]]);
        await using var lane = fixture.Start();

        await fixture.ConvergesAsync(lane, deltas);
        await lane.UntilAsync(() => lane.HasCaughtUp, "no lag");
        Assert.Equal(1, lane.Counter(Instruments.DeadLetters));
        Assert.Equal(1, lane.Counter(Instruments.PartialFailures));
        Assert.Equal(0, lane.Counter(Instruments.BatchFailures));
        Assert.Equal("bad", System.Text.Encoding.UTF8.GetString(Assert.Single(fixture.DeadLetters()).Key));
    }

    [Fact]
    public async Task CostAmplification_ChangesOfFewDocuments_AreCompactedBeforeTheyAreWritten()
    {
        const int Changes = 600;
        const int Documents = 5;
        var deltas = Enumerable.Range(1, Changes).Select(version => LaneDeltas.Upsert($"d{version % Documents}", version)).ToArray();

        var (written, compacted) = await WriteAsync(deltas, maxBatchRecords: Changes);
        Assert.Equal((Documents, Changes - Documents), (written, compacted));
        var (amplified, none) = await WriteAsync(deltas, maxBatchRecords: 1);
        Assert.Equal((Changes, 0), (amplified, none));
    }

    private async Task<(long Documents, long Compacted)> WriteAsync(CatalogDelta[] deltas, int maxBatchRecords)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, LaneNames.MicroBatch);
        await fixture.PublishAsync(deltas);
        await using var lane = fixture.Start(("Lane:Interval", "00:01:00"), ("Lane:MaxBatchRecords", $"{maxBatchRecords}"));
        await fixture.ConvergesAsync(lane, deltas);
        await lane.UntilAsync(() => lane.HasCaughtUp, "no lag");
        return (lane.Counter(Instruments.SolrDocuments), lane.Counter(Instruments.RecordsCompacted));
    }

    /// <summary>Holds one request, has many records arrive behind it, and lets go when all are taken.</summary>
    private static async Task<CatalogDelta[]> ArriveBehindAStallAsync(FailingSolr solr, LaneFixture fixture, RunningLane lane)
    {
        var deltas = Many(400);
        solr.HoldNext();
        await fixture.PublishAsync(deltas[0]);
        await lane.UntilAsync(() => solr.Hits == 1, "the request that stalls");
        foreach (var some in deltas.Skip(1).Chunk(21))
        {
            await fixture.PublishAsync(some);
        }

        await lane.UntilAsync(() => lane.Gauge(Instruments.InFlight) == deltas.Length, "everything taken behind it");
        solr.LetGo();
        await fixture.ConvergesAsync(lane, deltas);
        await lane.UntilAsync(() => lane.HasCaughtUp, "no lag");
        return deltas;
    }

    private static CatalogDelta[] Many(int count) => [.. Enumerable.Range(1, count).Select(number => LaneDeltas.Upsert($"d{number}", number))];
}
