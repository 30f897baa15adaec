using System.Text;
using Hybrid.Contracts.Lanes;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Hosting;
using static Hybrid.EndToEnd.Tests.Lanes.LaneDeltas;

namespace Hybrid.EndToEnd.Tests.Lanes;

public sealed class KafkaLaneTests(LaneStack stack) : IClassFixture<LaneStack>
{
    public static TheoryData<string> Lanes => [LaneNames.MicroBatch, LaneNames.Streaming];

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task UpsertsAndDeletes_EndInTheNewestState_AndTheCountsAddUp(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        await using var lane = fixture.Start();
        CatalogDelta[] deltas = [Upsert("a", 1), Upsert("b", 2), Upsert("a", 3), Delete("b", 4), Delete("never seen", 5), Upsert("c,\"é", 6)];
        await fixture.PublishAsync(deltas);
        await fixture.PublishAsync(Signal("a", 7), Signal("only signals", 8));
        await fixture.PublishWatermarkAsync(DateTimeOffset.UnixEpoch.AddSeconds(1322727000));

        await fixture.ConvergesAsync(lane, deltas);
        await lane.UntilAsync(() => lane.Gauge(Instruments.LaneWatermark) == 1322727000, "the watermark");
        await lane.UntilAsync(() => lane.Gauge(Instruments.LagRecords) == 0, "no lag");
        await lane.StopAsync();

        Assert.Equal(8, lane.Counter(Instruments.RecordsConsumed));
        Assert.Equal(2, lane.Counter(Instruments.RecordsIgnored));
        Assert.Equal(6, lane.Counter(Instruments.SolrDocuments) + lane.Counter(Instruments.RecordsCompacted));
        Assert.Equal(8, lane.Samples(Instruments.FreshnessConsumed));
        Assert.Equal(lane.Counter(Instruments.SolrDocuments), lane.Samples(Instruments.FreshnessAcknowledged));
        Assert.Equal(lane.Samples(Instruments.FreshnessPosted), lane.Samples(Instruments.FreshnessAcknowledged));
        Assert.Equal(0, lane.Gauge(Instruments.InFlight));
        Assert.Equal(0, fixture.Uncommitted());
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task ShuffledAndRepeatedDeliveries_Converge(string name)
    {
        var random = new Random(7);
        var deltas = Many(2_000, 150, random);
        var deliveries = deltas.Concat(deltas.Where(_ => random.Next(3) == 0)).ToArray();
        random.Shuffle(deliveries);
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        await using var lane = fixture.Start(("Lane:BulkDocuments", "50"), ("Lane:MaxBatchRecords", "300"));
        await fixture.PublishAsync(deliveries);

        await fixture.ConvergesAsync(lane, deltas);
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task PoisonAndRefusedDocuments_BecomeDeadLetters_AndTheLaneGoesOn(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        await using var lane = fixture.Start();
        var immense = Upsert("refused", 9) with { Category = new string('x', 40_000) };
        await fixture.PublishAsync(Upsert("a", 1), Upsert("refused", 2));
        await fixture.PublishPoisonAsync("poison");
        await fixture.PublishAsync(immense, Upsert("b", 3));

        await fixture.ConvergesAsync(lane, [Upsert("a", 1), Upsert("b", 3), Upsert("refused", 2)]);
        await lane.UntilAsync(() => lane.Counter(Instruments.DeadLetters) == 2, "two dead letters");
        await lane.StopAsync();

        var letters = fixture.DeadLetters();
        Assert.Equal(["refused-document", "unreadable-record"], letters.Select(letter => Header(letter, RecordHeaders.DeadLetterErrorClass)).Order());
        var poison = letters.Single(letter => Header(letter, RecordHeaders.DeadLetterErrorClass) == "unreadable-record");
        Assert.Equal("no delta", Encoding.UTF8.GetString(poison.Value));
        Assert.Equal("poison", Encoding.UTF8.GetString(poison.Key));
        Assert.Equal(name, Header(poison, RecordHeaders.DeadLetterLane));
        Assert.Matches(@"hybrid\.deltas\[\d\]@\d+$", Header(poison, RecordHeaders.DeadLetterRecord));
        var refused = letters.Single(letter => letter != poison);
        Assert.Equal("refused", Encoding.UTF8.GetString(refused.Key));
        Assert.Contains("immense term", Header(refused, RecordHeaders.DeadLetterError), StringComparison.Ordinal);
        Assert.NotNull(Header(refused, RecordHeaders.Closed));
        Assert.Equal(0, fixture.Uncommitted());
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task RefusedNewestOfABatch_LeavesTheNextNewest(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        await fixture.PublishAsync(Upsert("a", 1), Upsert("a", 2), Upsert("a", 3) with { Category = new string('x', 40_000) });
        await using var lane = fixture.Start();

        await fixture.ConvergesAsync(lane, [Upsert("a", 2)]);
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task StoppedLane_HasCommittedEverything_AndTheNextGoesOnFromThere(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        var first = Many(500, 50, new Random(1));
        await using (var lane = fixture.Start())
        {
            await fixture.PublishAsync(first);
            await lane.UntilAsync(() => lane.Counter(Instruments.RecordsConsumed) == first.Length, "all consumed");
            await lane.StopAsync();
            Assert.Equal(0, fixture.Uncommitted());
        }

        await fixture.PublishAsync(Upsert("new", 1_000));
        await using (var lane = fixture.Start())
        {
            await fixture.ConvergesAsync(lane, [.. first, Upsert("new", 1_000)]);
            Assert.Equal(1, lane.Counter(Instruments.RecordsConsumed));
        }
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task LaneThatMayNotDrain_LeavesNothingOut(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        var deltas = Many(3_000, 300, new Random(2));
        await fixture.PublishAsync(deltas);
        for (var round = 1; round <= 3; round++)
        {
            await using var cut = fixture.Start(("Lane:DrainDeadline", "00:00:00"), ("Lane:MaxInFlightRecords", "200"), ("Lane:BulkDocuments", "20"));
            await cut.UntilAsync(() => cut.Counter(Instruments.RecordsConsumed) >= 100 * round || cut.HasCaughtUp, "some consumed");
            await cut.StopAsync();
        }

        await using var lane = fixture.Start(("Lane:DrainDeadline", "00:00:20"));
        await fixture.ConvergesAsync(lane, deltas);
        await lane.UntilAsync(() => lane.HasCaughtUp, "everything committed");
        await lane.StopAsync();
        Assert.Equal(0, fixture.Uncommitted());
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task SolrThatIsAwayForAWhile_LosesNothing_AndTheBoundHolds(string name)
    {
        var solr = stack.Solr($"away-{name}", 0);
        await solr.StartAsync(CancellationToken.None);
        await using var fixture = await LaneFixture.CreateAsync(stack, name, solr.BaseAddress.ToString());
        await using var lane = fixture.Start(("Lane:MaxInFlightRecords", "400"));
        var before = Many(300, 40, new Random(3));
        await fixture.PublishAsync(before);
        await fixture.ConvergesAsync(lane, before);

        await solr.DisposeAsync();
        var after = Many(5_000, 40, new Random(4)).Select(delta => delta with { Version = delta.Version + 10_000 }).ToArray();
        await fixture.PublishAsync(after);
        await lane.UntilAsync(() => lane.Gauge(Instruments.InFlight) >= 400 && lane.Counter(Instruments.SolrRetries) > 3, "the bound reached");
        Assert.InRange(lane.Counter(Instruments.RecordsConsumed), before.Length + 400, before.Length + 450);

        solr = stack.Solr($"away-{name}", solr.Port);
        await solr.StartAsync(CancellationToken.None);
        await using var _ = solr;
        await fixture.ConvergesAsync(lane, [.. before, .. after]);
        await lane.StopAsync();
        Assert.Equal(0, fixture.Uncommitted());
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task SolrThatIsDownAtTheStart_IsOneLineAndExitCode3(string name)
    {
        var solr = stack.Solr($"down-{name}", 0);
        await solr.StartAsync(CancellationToken.None);
        await solr.DisposeAsync();
        await using var fixture = await LaneFixture.CreateAsync(stack, name, solr.BaseAddress.ToString());
        await using var lane = fixture.Start(("Solr:ConnectTimeout", "00:00:01"));

        var unreachable = await Assert.ThrowsAsync<HybridException>(() => lane.Completion.WaitAsync(LaneFixture.Patience));
        Assert.Equal(ExitCodes.Unreachable, unreachable.ExitCode);
        Assert.Contains($"Solr at {solr.BaseAddress}", unreachable.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', unreachable.Message);
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task LatestRestart_PassesOverWhatWasMissed_AndSaysHowMuch(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        await using (var lane = fixture.Start(("Lane:Restart", "Latest")))
        {
            await fixture.PublishAsync(Upsert("a", 1), Upsert("b", 1), Upsert("c", 1));
            await fixture.ConvergesAsync(lane, [Upsert("a", 1), Upsert("b", 1), Upsert("c", 1)]);
            await lane.StopAsync();
        }

        var missed = Enumerable.Range(0, 40).Select(i => Upsert($"missed{i}", 1)).ToArray();
        await fixture.PublishAsync(missed);
        await using (var lane = fixture.Start())
        {
            // Partitions whose committed offset is known: those of a, b and c at least; others begin at their beginning.
            await lane.UntilAsync(() => lane.Counter(Instruments.RecordsSkipped) + lane.Counter(Instruments.RecordsConsumed) == missed.Length, "all passed over or read");
            Assert.True(lane.Counter(Instruments.RecordsSkipped) > 0);
            await fixture.PublishAsync(Upsert("a", 2));
            await lane.UntilAsync(async () => (await fixture.IndexAsync()).Single(document => document.Id == "a").AttributesVersion == 2, () => Task.FromResult("never: a 2"));
        }
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task TwoMembers_ShareThePartitions_AndLoseNothingWhenOneLeaves(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        var deltas = Many(20_000, 200, new Random(5));
        var published = 0;
        async Task PublishSomeAsync(int count)
        {
            var next = Math.Min(published + count, deltas.Length);
            await fixture.PublishAsync(deltas[published..next]);
            published = next;
        }

        await using var stays = fixture.Start();
        await PublishSomeAsync(500);
        await stays.UntilAsync(() => stays.Counter(Instruments.RecordsConsumed) == 500, "the first member reads");
        await using (var leaves = fixture.Start())
        {
            await leaves.UntilAsync(
                async () =>
                {
                    await PublishSomeAsync(20);
                    return leaves.Counter(Instruments.RecordsConsumed) > 100;
                },
                () => Task.FromResult("never: the second member reads"));
            await leaves.StopAsync();
        }

        await PublishSomeAsync(500);
        await fixture.ConvergesAsync(stays, deltas[..published]);
        await stays.StopAsync();
        Assert.Equal(0, fixture.Uncommitted());
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task InstanceThatComesBackUnderItsName_TakesThePartitionsAtOnce_AndItsPredecessorEnds(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        await using var predecessor = fixture.Start(("Lane:Instance", "one"), ("Lane:SessionTimeout", "00:05:00"));
        await fixture.PublishAsync(Upsert("a", 1));
        await fixture.ConvergesAsync(predecessor, [Upsert("a", 1)]);

        await using var successor = fixture.Start();
        var fenced = await Assert.ThrowsAsync<HybridException>(() => predecessor.Completion.WaitAsync(LaneFixture.Patience));
        Assert.Equal(ExitCodes.Unreachable, fenced.ExitCode);
        await fixture.PublishAsync(Upsert("a", 2), Upsert("b", 3));
        await fixture.ConvergesAsync(successor, [Upsert("a", 2), Upsert("b", 3)]);
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task CollectionThatIsDeleted_StopsTheLaneWithOneLine_AndNothingIsLost(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        await using (var lane = fixture.Start())
        {
            await fixture.PublishAsync(Upsert("a", 1));
            await fixture.ConvergesAsync(lane, [Upsert("a", 1)]);
            await fixture.DeleteCollectionAsync();
            await fixture.PublishAsync(Upsert("b", 2));

            var stopped = await Assert.ThrowsAsync<HybridException>(() => lane.Completion.WaitAsync(LaneFixture.Patience));
            Assert.Equal(ExitCodes.Unreachable, stopped.ExitCode);
            Assert.Contains("404", stopped.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', stopped.Message);
        }

        await using var next = fixture.Start();
        await fixture.ConvergesAsync(next, [Upsert("b", 2)]);
    }

    private static string Header(Confluent.Kafka.Message<byte[], byte[]> message, string name) => Encoding.UTF8.GetString(message.Headers.GetLastBytes(name));
}
