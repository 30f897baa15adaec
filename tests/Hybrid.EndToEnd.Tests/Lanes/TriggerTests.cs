using System.Net;
using Hybrid.Contracts.Lanes;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Http;
using Hybrid.Sandbox.Faults;
using static Hybrid.EndToEnd.Tests.Lanes.LaneDeltas;

namespace Hybrid.EndToEnd.Tests.Lanes;

public sealed class TriggerTests(LaneStack stack) : IClassFixture<LaneStack>
{
    public static TheoryData<string> Lanes => [LaneNames.MicroBatch, LaneNames.Streaming];

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task AvailableNow_TakesWhatIsThere_CommitsItAndEnds_ThenTheRest(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        var first = Many(700, 60, new Random(1));
        await fixture.PublishAsync(first);
        await using (var lane = fixture.Start(("Lane:AvailableNow", "true"), ("Lane:Interval", "01:00:00"), ("Lane:MaxBatchRecords", "200")))
        {
            await lane.Completion.WaitAsync(LaneFixture.Patience);
            Assert.Equal(0, fixture.Uncommitted());
            await fixture.ConvergesAsync(lane, first);
            if (name == LaneNames.MicroBatch)
            {
                Assert.Equal(1, lane.Counter(Instruments.BatchesByAvailableNow));
                Assert.Equal(3, lane.Counter(Instruments.BatchesByRecords));
            }
        }

        await fixture.PublishAsync(Upsert("new", 1_000));
        await using (var lane = fixture.Start())
        {
            await lane.Completion.WaitAsync(LaneFixture.Patience);
            Assert.Equal(1, lane.Counter(Instruments.RecordsConsumed));
        }

        await using var nothing = fixture.Start();
        await nothing.Completion.WaitAsync(LaneFixture.Patience);
        Assert.Equal(0, nothing.Counter(Instruments.RecordsConsumed));
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task AvailableNow_LeavesWhatComesMeanwhile_ToTheNextRun(string name)
    {
        using var faults = new FaultCatalog(TimeProvider.System);
        await using var solr = stack.Solr($"available-{name}", faults);
        await solr.StartAsync(CancellationToken.None);
        await using var fixture = await LaneFixture.CreateAsync(stack, name, solr.BaseAddress.ToString());
        await fixture.PublishAsync(Many(500, 60, new Random(1)));
        var outage = faults.Add(new FaultSpecification { Service = "solr", Operation = "update", Error = "503" });
        await using var lane = fixture.Start(("Lane:AvailableNow", "true"));
        await lane.UntilAsync(() => lane.Counter(Instruments.RecordsConsumed) == 500, "all that was there is taken");

        var later = Enumerable.Range(0, 300).Select(i => Upsert($"later{i}", 1)).ToArray();
        await fixture.PublishAsync(later);
        await lane.UntilAsync(() => lane.Gauge(Instruments.LagRecords) == 800, "the lane's client has seen what came meanwhile");
        faults.Clear(outage.Id);
        await lane.Completion.WaitAsync(LaneFixture.Patience);

        Assert.Equal(500, lane.Counter(Instruments.RecordsConsumed));
        Assert.Equal(300, fixture.Uncommitted());
    }

    [Fact]
    public async Task AvailableNow_AsAProcess_EndsWithCode0()
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, LaneNames.MicroBatch);
        await fixture.PublishAsync(Many(100, 60, new Random(1)));
        await using var lane = fixture.StartProcess(("Lane:AvailableNow", "true"));

        Assert.Equal(0, await lane.WaitAsync());
        Assert.Equal(0, fixture.Uncommitted());
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task AvailableNow_SharedByMembers_IsDoneWhenTheLastEnds(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        var deltas = Many(3_000, 60, new Random(1));
        await fixture.PublishAsync(deltas);
        await using var one = fixture.Start(("Lane:AvailableNow", "true"), ("Lane:BulkDocuments", "20"));
        await using var two = fixture.Start();
        await Task.WhenAll(one.Completion, two.Completion).WaitAsync(LaneFixture.Patience);

        Assert.Equal(0, fixture.Uncommitted());
        await fixture.ConvergesAsync(one, deltas);
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task Requests_AreBoundedInBytesToo(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        var deltas = Enumerable.Range(0, 40).Select(i => Upsert($"d{i}", 1) with { Category = new string('x', 10_000) }).ToArray();
        await fixture.PublishAsync(deltas);
        await using var lane = fixture.Start(("Lane:BulkBytes", "35000"), ("Lane:AvailableNow", "true"));
        await lane.Completion.WaitAsync(LaneFixture.Patience);

        Assert.InRange(lane.Counter(Instruments.SolrRequests), 14, 40);
        await fixture.ConvergesAsync(lane, deltas);
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task LaneThatIsStoppedWhileKafkaIsAway_EndsWithinItsDeadline(string name)
    {
        var own = new LaneStack();
        await own.InitializeAsync();
        try
        {
            await using var fixture = await LaneFixture.CreateAsync(own, name);
            await using var lane = fixture.Start(("Lane:DrainDeadline", "00:00:02"), ("Lane:CommitInterval", "01:00:00"));
            await fixture.PublishAsync(Upsert("a", 1));
            await fixture.ConvergesAsync(lane, [Upsert("a", 1)]);
            await own.StopKafkaAsync();

            await lane.StopAsync(TimeSpan.FromSeconds(30));
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task FreshnessTarget_MovesTheInterval()
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, LaneNames.MicroBatch);
        await using var lane = fixture.Start(("Lane:FreshnessTarget", "00:00:10"), ("Lane:Interval", "00:00:00.100"));
        var version = 0;
        await lane.UntilAsync(
            async () =>
            {
                await fixture.PublishAsync(Upsert("a", ++version));
                return lane.Gauge(Instruments.BatchInterval) > 0.2;
            },
            () => Task.FromResult($"never: an interval above 0.2 s; it is {lane.Gauge(Instruments.BatchInterval)}"));
        Assert.True(lane.Counter(Instruments.BatchesByInterval) > 2);
    }

    [Fact]
    public async Task CommitLog_TellsOfEveryBatchOnce_AndOfEveryRecord()
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, LaneNames.MicroBatch);
        await using var lane = fixture.Start(("Lane:MaxBatchRecords", "100"));
        var immense = Upsert("refused", 9) with { Category = new string('x', 40_000) };
        var deltas = Many(950, 60, new Random(1));
        await fixture.PublishAsync([.. deltas, immense]);
        await fixture.ConvergesAsync(lane, deltas);
        await lane.UntilAsync(() => lane.Counter(Instruments.DeadLetters) == 1, "the dead letter");
        await lane.StopAsync();

        var commits = fixture.Commits();
        Assert.Equal(lane.Counter(Instruments.Batches), commits.Count);
        Assert.Equal(commits.Count, lane.Counter(Instruments.CommitLogRecords));
        Assert.Equal(commits.Count, commits.DistinctBy(commit => commit.Batch).Count());
        Assert.Equal(951, commits.Sum(commit => commit.Records));
        Assert.Equal(951, commits.Sum(commit => commit.Ranges.Sum(range => range.Last - range.First + 1)));
        Assert.Equal(951 - lane.Counter(Instruments.RecordsCompacted), commits.Sum(commit => commit.Documents));
        Assert.All(commits, commit => Assert.Equal(LaneNames.MicroBatch, commit.Lane));
        Assert.All(commits, commit => Assert.Equal(string.Join(',', commit.Ranges.Select(range => $"{range.Partition}:{range.First}-{range.Last}")), commit.Batch));
        Assert.All(commits, commit => Assert.True(commit.SealedAt <= commit.AcknowledgedAt && commit.Bytes > 0));
        var refused = Assert.Single(commits, commit => commit.Refused == 1);
        Assert.Equal(1, lane.Counter(Instruments.PartialFailures));
        Assert.Equal(refused.Batch, System.Text.Encoding.UTF8.GetString(fixture.DeadLetters().Single().Headers.GetLastBytes(RecordHeaders.DeadLetterBatch)));
    }

    [Fact]
    public async Task CommitLogThatIsGone_DoesNotStopTheLane()
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, LaneNames.MicroBatch);
        await using var lane = fixture.Start(("Lane:MaxInFlightRecords", "400"));
        await fixture.PublishAsync(Upsert("a", 1));
        await fixture.ConvergesAsync(lane, [Upsert("a", 1)]);
        await fixture.DeleteCommitLogAsync();
        var deltas = Many(7_000, 60, new Random(1)).Select(delta => delta with { Version = delta.Version + 1 }).Append(Upsert("a", 1)).ToArray();
        await fixture.PublishAsync(deltas);

        await fixture.ConvergesAsync(lane, deltas);
        await lane.UntilAsync(() => lane.HasCaughtUp, "everything committed");
        Assert.True(lane.Counter(Instruments.CommitLogFailures) > 0);
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task BatchesAndRecords_AreMeasured(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        await using var lane = fixture.Start(("Lane:MaxBatchRecords", "100"));
        await fixture.PublishAsync(Many(500, 60, new Random(1)));
        await lane.UntilAsync(() => lane.HasCaughtUp && lane.Counter(Instruments.RecordsConsumed) == 500, "everything written");

        Assert.Equal(500, lane.Samples(Instruments.RecordLatency));
        Assert.InRange(lane.Samples(Instruments.BatchLatency), 1, 500);
        Assert.Equal(0, lane.Gauge(Instruments.InFlightBytes));
        Assert.Equal(0, lane.Gauge(Instruments.LagSeconds));
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task LagInSeconds_GrowsWhileSolrIsAway(string name)
    {
        var solr = stack.Solr($"lag-{name}", 0);
        await solr.StartAsync(CancellationToken.None);
        await using var fixture = await LaneFixture.CreateAsync(stack, name, solr.BaseAddress.ToString());
        await using var lane = fixture.Start(("Lane:DrainDeadline", "00:00:00"));
        await fixture.PublishAsync(Upsert("a", 1));
        await fixture.ConvergesAsync(lane, [Upsert("a", 1)]);
        await solr.DisposeAsync();
        await fixture.PublishAsync(Upsert("a", 2));

        await lane.UntilAsync(() => lane.Gauge(Instruments.LagSeconds) > 1 && lane.Gauge(Instruments.InFlightBytes) > 0, "a lag of more than a second");
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task Health_IsLiveAtOnce_AndReadyWhenItsServicesAnswer(string name)
    {
        var solr = stack.Solr($"health-{name}", 0);
        await solr.StartAsync(CancellationToken.None);
        await solr.DisposeAsync();
        var port = FreePort();
        await using var fixture = await LaneFixture.CreateAsync(stack, name, solr.BaseAddress.ToString());
        await using var lane = fixture.StartProcess(("Health:Port", $"{port}"), ("Solr:ConnectTimeout", "00:01:00"));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await lane.UntilAsync(async () => await StatusAsync(client, "/health/live") == HttpStatusCode.OK, "live");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(client, "/health/ready"));

        solr = stack.Solr($"health-{name}", solr.Port);
        await solr.StartAsync(CancellationToken.None);
        await using var _ = solr;
        await lane.UntilAsync(async () => await StatusAsync(client, "/health/ready") == HttpStatusCode.OK, "ready");
        Assert.Equal(0, await lane.StopAsync());
    }

    private static async Task<HttpStatusCode?> StatusAsync(HttpClient client, string path)
    {
        try
        {
            return (await client.GetAsync(new Uri(path, UriKind.Relative))).StatusCode;
        }
        catch (Exception failure) when (BrokenConnection.Is(failure))
        {
            return null;
        }
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
