using System.Text;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lanes;

namespace Hybrid.Streamiz.Tests.EndToEnd;

/// <summary>The lane against the sandbox's Kafka, registry and Solr.</summary>
public sealed class StreamizLaneTests(Stack stack) : IClassFixture<Stack>
{
    public static TheoryData<string> Guarantees => new(nameof(StreamizGuarantee.AtLeastOnce), nameof(StreamizGuarantee.ExactlyOnce));

    [Theory]
    [MemberData(nameof(Guarantees))]
    public async Task Run_EndsInTheNewestVersionOfEachDocument_AndCommitsToTheEnd(string guarantee)
    {
        var settings = stack.Settings();
        settings["Streamiz:Guarantee"] = guarantee;
        using var topic = await DeltasTopic.CreateAsync(settings);
        topic.Publish(Enumerable.Range(0, 500).Select(i => Deltas.Upsert($"d{i % 100}", 10 + (i * 7 % 500))));
        topic.Publish(Deltas.Delete("d3", 9), Deltas.Delete("d4", 1_000), Deltas.Signal("d5", 2_000, "d6"));
        topic.PublishWatermark(DateTimeOffset.FromUnixTimeSeconds(1322727000));

        await using var lane = await RunningLane.StartAsync(settings);
        await lane.CaughtUpAsync(503);
        var documents = await lane.DocumentsAsync();
        await lane.StopAsync();

        Assert.Equal(100, documents.Count);
        Assert.All(documents.Values, document => Assert.Equal(Expected(document.Id), document.AttributesVersion));
        Assert.Equal(["d4"], documents.Values.Where(document => document.Deleted).Select(document => document.Id));
        Assert.Equal("title " + documents["d7"].AttributesVersion, documents["d7"].Title);
        Assert.Equal(503, lane.Counter(Instruments.RecordsConsumed));
        Assert.Equal(0, lane.Counter(Instruments.RecordsIgnored));
        Assert.Equal(1, documents["d5"].Signals!.Lines);
        Assert.Equal(1322727000, lane.Gauge(Instruments.LaneWatermark));
        Assert.Equal(0, lane.Gauge(Instruments.InFlight));
        Assert.Equal(0, lane.Gauge(Instruments.InFlightBytes));
        Assert.Equal(0, lane.Gauge(Instruments.LagSeconds));
        Assert.Equal(502, lane.Samples(Instruments.RecordLatency));
        Assert.InRange(lane.Samples(Instruments.BatchLatency), 2, 503);
        Assert.NotEqual(0, lane.Counter(Instruments.OffsetCommits));
        Assert.Equal(0, topic.Uncommitted());
        Assert.Empty(topic.DeadLetters());
    }

    [Fact]
    public async Task Run_KeepsPoisonAsDeadLetters_AndGoesOn()
    {
        var settings = stack.Settings();
        using var topic = await DeltasTopic.CreateAsync(settings);
        var poison = Encoding.UTF8.GetBytes("no delta");
        topic.PublishRaw(Encoding.UTF8.GetBytes("k"), poison);
        topic.PublishRaw(null, poison);
        topic.PublishRaw(Encoding.UTF8.GetBytes("k"), null);
        topic.Publish(Deltas.Upsert("after"));

        await using var lane = await RunningLane.StartAsync(settings);
        await lane.CaughtUpAsync(4);
        await lane.StopAsync();

        var letters = topic.DeadLetters();
        Assert.Equal(3, letters.Count);
        Assert.Equal(2, letters.Count(letter => poison.AsSpan().SequenceEqual(letter.Value)));
        Assert.All(letters, letter => Assert.Equal(ErrorClasses.UnreadableRecord, Text(letter, RecordHeaders.DeadLetterErrorClass)));
        Assert.All(letters, letter => Assert.Equal("streamiz", Text(letter, RecordHeaders.DeadLetterLane)));
        Assert.Equal(["after"], (await lane.DocumentsAsync()).Keys);
    }

    [Fact]
    public async Task Stop_CommitsWhatWasTaken_AndTheNextRunTakesNothingAgain()
    {
        var settings = stack.Settings();
        settings["Lane:CommitInterval"] = "00:10:00";
        using var topic = await DeltasTopic.CreateAsync(settings);
        topic.Publish(Enumerable.Range(0, 200).Select(i => Deltas.Upsert($"d{i}")));
        await using (var first = await RunningLane.StartAsync(settings))
        {
            await first.UntilAsync(() => Task.FromResult(first.Counter(Instruments.RecordsConsumed) == 200));
            await first.StopAsync();
            Assert.Equal(0, topic.Uncommitted());
        }

        topic.Publish(Deltas.Upsert("new"));
        await using var second = await RunningLane.StartAsync(settings);
        await second.UntilAsync(async () => (await second.Index.VersionsAsync(["new"], default)).Count == 1);
        await second.StopAsync();

        Assert.Equal(1, second.Counter(Instruments.RecordsConsumed));
        Assert.Equal(201, (await second.DocumentsAsync()).Count);
    }

    [Fact]
    public async Task Restart_AtTheNewest_PassesOverWhatWasMissed_AndCountsIt()
    {
        var settings = stack.Settings();
        settings["Lane:Restart"] = "Latest";
        settings["Window:Length"] = "00:00:00";
        using var topic = await DeltasTopic.CreateAsync(settings);
        topic.Publish(Enumerable.Range(0, 50).Select(i => Deltas.Upsert($"seen {i}")));
        await using (var first = await RunningLane.StartAsync(settings))
        {
            await first.CaughtUpAsync(50);
            await first.StopAsync();
        }

        topic.Publish(Enumerable.Range(0, 50).Select(i => Deltas.Upsert($"missed {i}")));
        await using var second = await RunningLane.StartAsync(settings);
        topic.Publish(Deltas.Upsert("new"));
        await second.UntilAsync(async () => (await second.Index.VersionsAsync(["new"], default)).Count == 1);
        await second.StopAsync();

        Assert.Equal(1, second.Counter(Instruments.RecordsConsumed));
        Assert.InRange(second.Counter(Instruments.RecordsSkipped), 50, 60);
        Assert.Equal(51, (await second.DocumentsAsync()).Count);
    }

    [Theory]
    [MemberData(nameof(Guarantees))]
    public async Task TwoMembers_ShareThePartitions_AndOneTakesOverWhenTheOtherStops(string guarantee)
    {
        var settings = stack.Settings();
        settings["Streamiz:Guarantee"] = guarantee;
        settings["Streamiz:Threads"] = "2";
        using var topic = await DeltasTopic.CreateAsync(settings);
        topic.Publish(Enumerable.Range(0, 300).Select(i => Deltas.Upsert($"first {i}")));
        await using var staying = await RunningLane.StartAsync(settings);
        settings["Streamiz:StateDirectory"] += "-other";
        using (var leaving = new LaneProcess(settings))
        {
            await staying.UntilAsync(() =>
            {
                topic.Publish(Enumerable.Range(0, 300).Select(i => Deltas.Upsert($"second {i}")));
                return Task.FromResult(leaving.Log.Contains("The window of partition", StringComparison.Ordinal));
            });
            await staying.UntilAsync(async () => await staying.Index.CountAsync(tombstones: true, default) == 600);
            Assert.Equal(ExitCodes.Done, await leaving.StopAsync());
        }

        topic.Publish(Enumerable.Range(0, 300).Select(i => Deltas.Upsert($"third {i}")));
        await staying.UntilAsync(async () => await staying.Index.CountAsync(tombstones: true, default) == 900);
        await staying.StopAsync();

        Assert.Equal(0, topic.Uncommitted());
    }

    [Fact]
    public async Task Run_WhenSolrTakesNoUpdates_EndsWithoutCommitting()
    {
        var settings = stack.Settings();
        using var topic = await DeltasTopic.CreateAsync(settings);
        settings["Solr:MaxRetries"] = "0";
        settings["Solr:Visibility"] = "soft-commit";
        await using var lane = await RunningLane.StartAsync(settings);
        await lane.DeleteCollectionAsync();
        topic.Publish(Enumerable.Range(0, 20).Select(i => Deltas.Upsert($"d{i}")));

        var failure = await Assert.ThrowsAsync<HybridException>(() => lane.Completion.WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.Contains("Solr", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.Equal(20, topic.Uncommitted());
    }

    private static long Expected(string id)
    {
        var number = int.Parse(id.AsSpan(1));
        var newest = Enumerable.Range(0, 5).Max(round => 10L + ((number + (round * 100)) * 7 % 500));
        return number == 4 ? 1_000 : newest;
    }

    private static string Text(Confluent.Kafka.Message<byte[], byte[]> message, string header) =>
        Encoding.UTF8.GetString(message.Headers.GetLastBytes(header));
}
