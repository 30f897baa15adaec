using Hybrid.Comparison.Truth;
using Hybrid.Contracts.Lanes;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Solr;
using Hybrid.Pipeline.Windows;

namespace Hybrid.EndToEnd.Tests.Lanes;

public sealed class SignalLaneTests(LaneStack stack) : IClassFixture<LaneStack>
{
    private static readonly DateTimeOffset Origin = new(2011, 12, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);
    private static readonly (string, string) Window = ("Window:Length", "00:15:00");

    public static TheoryData<string> Lanes => [LaneNames.MicroBatch, LaneNames.Streaming];

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task Signals_AreShownWhenTheirPartitionIsComplete_BesideTheAttributes_AndGoWithTheWindow(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        await using var lane = fixture.Start(Window);
        await fixture.PublishAsync(LaneDeltas.Upsert("a", 1), Signal("a", 0, 2, 1.5, "b", "c"), Signal("b", 0, -1, 4), Signal("a", 1, 5, 2, "c"));
        await lane.UntilAsync(() => fixture.IndexAsync().ContinueWith(index => index.Result.Count == 1), () => Task.FromResult("a's attributes"));

        await fixture.PublishWatermarkAsync(End(0));
        await ShowsAsync(lane, fixture, ("a", 2, 1, 3, "b,c"), ("b", -1, 1, -4, ""));
        await fixture.PublishWatermarkAsync(End(1));
        await ShowsAsync(lane, fixture, ("a", 7, 2, 13, "c,b"), ("b", -1, 1, -4, ""));
        Assert.Equal("title 1", (await fixture.IndexAsync()).Single(document => document.Id == "a").Title);
        await fixture.PublishWatermarkAsync(End(3));
        await ShowsAsync(lane, fixture, ("a", 5, 1, 10, "c"), ("b", 0, 0, 0, ""));

        await lane.UntilAsync(() => lane.HasCaughtUp, "no lag");
        Assert.Equal(0, lane.Counter(Instruments.RecordsIgnored));
        await lane.StopAsync();
        Assert.Equal(0, fixture.Uncommitted());
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task Restarted_TheWindowIsRebuiltFromTheTopic_AndLateSignalsCount(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        await using (var first = fixture.Start(Window))
        {
            await fixture.PublishAsync(Signal("a", 0, 100, 1));
            await fixture.PublishWatermarkAsync(End(0));
            await fixture.PublishAsync(Signal("a", 1, 2, 1), Signal("a", 2, 3, 1));
            await fixture.PublishWatermarkAsync(End(3));
            await fixture.PublishAsync(Signal("a", 4, 7, 1));
            await ShowsAsync(first, fixture, ("a", 5, 2, 5, ""));
            await first.UntilAsync(() => first.HasCaughtUp, "no lag");
            await first.StopAsync();
        }

        await using var second = fixture.Start(Window);
        await fixture.PublishAsync(Signal("a", 3, 1, 1));
        await ShowsAsync(second, fixture, ("a", 6, 3, 6, ""));
        await fixture.PublishWatermarkAsync(End(4));
        await ShowsAsync(second, fixture, ("a", 11, 3, 11, ""));
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task Restarted_WhereOneShardIsAheadOfTheOther_MissesNoSignal(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        await using (var first = fixture.Start(Window))
        {
            await fixture.PublishAsync(Signal("a", 0, 100, 1), Signal("a", 1, 2, 1), Signal("a", 2, 3, 1), Signal("a", 4, 7, 1));
            await fixture.PublishWatermarkAsync(End(0), shards: 2);
            await fixture.PublishWatermarkAsync(End(3), shards: 2);
            await ShowsAsync(first, fixture, ("a", 5, 2, 5, ""));
            await first.UntilAsync(() => first.HasCaughtUp, "no lag");
            await first.StopAsync();
        }

        await using var second = fixture.Start(Window);
        await fixture.PublishWatermarkAsync(End(4), shards: 2);
        await ShowsAsync(second, fixture, ("a", 10, 2, 10, ""));
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task AnyArrival_WithPartitionsChangingHands_EndsInTheTruth(string name)
    {
        var random = new Random(11);
        var truth = new SignalsTruth(3 * Period);
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        await using var first = fixture.Start(Window);
        RunningLane? second = null;
        const int Partitions = 14;
        for (var partition = 0; partition < Partitions; partition++)
        {
            var signals = Enumerable.Range(0, 120)
                .Select(_ => Signal(
                    $"d{random.Next(40)}", Math.Max(0, partition - (random.Next(12) == 0 ? random.Next(6) : 0)), random.Next(-2, 9), random.Next(1, 999) / 100.0,
                    $"d{random.Next(40)}"))
                .ToArray();
            await fixture.PublishAsync(signals);
            await fixture.PublishWatermarkAsync(End(partition));
            Array.ForEach(signals, truth.Apply);
            switch (partition)
            {
                case 4:
                    second = fixture.Start(Window);
                    break;
                case 9:
                    await second!.DisposeAsync();
                    break;
            }
        }

        var expected = truth.At(End(Partitions - 1));
        await first.UntilAsync(
            async () => Entries(await fixture.IndexAsync()).SequenceEqual(Sorted(expected)),
            async () => $"differ: {string.Join("; ", Entries(await fixture.IndexAsync()).Except(Sorted(expected)).Take(3))}");
    }

    private static IEnumerable<(string, SignalsEntry)> Sorted(Dictionary<string, SignalsEntry> entries) =>
        entries.Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key, StringComparer.Ordinal);

    private static IEnumerable<(string, SignalsEntry)> Entries(List<IndexedDocument> index) => Sorted(index
        .Where(document => document.Signals is { Lines: > 0 })
        .ToDictionary(document => document.Id, document => Entry(document.Signals!)));

    private static SignalsEntry Entry(DocumentSignals state) => new(state.Units, state.Lines, state.Revenue, string.Join('\n', state.Related));

    private static Task ShowsAsync(
        RunningLane lane, LaneFixture fixture, params (string Id, long Units, long Lines, double Revenue, string Related)[] expected) => lane.UntilAsync(
        async () => Shown(await fixture.IndexAsync()).SequenceEqual(expected),
        async () => $"never {string.Join(", ", expected)}, but {string.Join(", ", Shown(await fixture.IndexAsync()))}");

    private static IEnumerable<(string, long, long, double, string)> Shown(List<IndexedDocument> index) => index
        .Where(document => document.Signals is not null)
        .Select(document => (document.Id, document.Signals!.Units, document.Signals.Lines, document.Signals.Revenue, string.Join(',', document.Signals.Related)));

    private static DateTimeOffset End(int partition) => Origin + ((partition + 1) * Period);

    private static CatalogDelta Signal(string id, int partition, long quantity, double price, params string[] related) => new()
    {
        DocumentId = id,
        Kind = DeltaKind.Signal,
        Version = 1,
        EventTimeMilliseconds = (Origin + (partition * Period)).ToUnixTimeMilliseconds(),
        Partition = new PartitionId(Origin + (partition * Period), Period).Name,
        Quantity = quantity,
        Price = price,
        Related = related,
    };
}
