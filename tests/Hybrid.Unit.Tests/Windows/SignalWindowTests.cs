using FsCheck;
using FsCheck.Fluent;
using Hybrid.Comparison.Truth;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Unit.Tests.Windows;

public class SignalWindowTests
{
    private static readonly DateTimeOffset Origin = new(2011, 12, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    [Fact]
    public void Signal_CountsFromWhenItsPartitionIsComplete()
    {
        var window = Window(partitions: 3);
        Assert.False(window.Add(Signal("a", 0, quantity: 2, price: 1.5, "b")));
        Assert.Empty(Drain(window));

        window.Advance(At(1));

        var state = Assert.Single(Drain(window));
        Assert.Equal(("a", 2, 1, 3.0), (state.DocumentId, state.Units, state.Lines, state.Revenue));
        Assert.Equal(["b"], state.Related);
        Assert.Equal(SignalsVersion.Create(Origin + Period, 1), state.Version);
    }

    [Fact]
    public void Touched_EveryDocumentThatCounts_IsHandedOverOnceMore()
    {
        var window = Window(partitions: 3);
        Assert.Null(window.End);
        window.Add(Signal("a", 0, 2, 1.5));
        window.Add(Signal("waits", 1, 2, 1.5));
        window.Advance(At(1));
        Drain(window);

        Assert.Equal((true, false, false), (window.Counts("a"), window.Counts("waits"), window.Counts("unknown")));
        Assert.Equal(Origin + Period, window.End);
        window.TouchAll();
        window.TouchAll();
        Assert.Equal("a", Assert.Single(Drain(window)).DocumentId);
        Assert.Empty(Drain(window));
    }

    [Fact]
    public void Document_WhoseSignalsLeftTheWindow_IsShownWithNone_AndForgotten()
    {
        var window = Window(partitions: 2);
        window.Add(Signal("a", 0, 2, 1.5, "b"));
        window.Advance(At(1));
        Drain(window);

        window.Advance(At(2));
        Assert.Empty(Drain(window));
        window.Advance(At(3));

        var state = Assert.Single(Drain(window));
        Assert.Equal((0, 0, 0.0), (state.Units, state.Lines, state.Revenue));
        Assert.Empty(state.Related);
        Assert.Equal(SignalsVersion.Create(Origin + (3 * Period), 0), state.Version);
        Assert.Equal(0, window.Documents);
    }

    [Fact]
    public void LateSignal_CountsAtOnce_WithAGreaterVersionAtTheSameWatermark()
    {
        var window = Window(partitions: 2);
        window.Add(Signal("a", 0, 2, 1.5));
        window.Advance(At(1));
        var before = Assert.Single(Drain(window));

        Assert.True(window.Add(Signal("a", 0, 3, 1.5)));

        var after = Assert.Single(Drain(window));
        Assert.Equal((5, 2), (after.Units, after.Lines));
        Assert.True(after.Version > before.Version);
    }

    [Fact]
    public void SignalOfAPartitionThatLeft_NoLongerCounts()
    {
        var window = Window(partitions: 2);
        window.Advance(At(5));

        Assert.False(window.Add(Signal("a", 0, 2, 1.5)));
        window.Advance(At(6));

        Assert.Empty(Drain(window));
        Assert.Equal(0, window.Documents);
    }

    [Fact]
    public void TumblingWindow_ShowsOnlyWholeWindows()
    {
        var window = new SignalWindow(new WindowOptions { Length = 4 * Period, Hop = 4 * Period });
        window.Add(Signal("a", 0, 1, 1));
        window.Add(Signal("a", 3, 1, 1));
        window.Advance(At(3));
        Assert.Empty(Drain(window));

        window.Advance(At(4));
        Assert.Equal(2, Assert.Single(Drain(window)).Lines);

        window.Add(Signal("a", 4, 1, 1));
        window.Advance(At(7));
        Assert.Empty(Drain(window));
        window.Advance(At(8));
        Assert.Equal(1, Assert.Single(Drain(window)).Lines);
    }

    [Fact]
    public void Revenue_OfWhatCameAndLeft_LeavesNoCrumbs()
    {
        var window = Window(partitions: 1);
        foreach (var price in (double[])[0.1, 0.2, 0.3, 1e9, 2.55])
        {
            window.Add(Signal("a", 0, 7, price));
        }

        window.Add(Signal("a", 1, 1, 0.1));
        window.Advance(At(1));
        Drain(window);
        window.Advance(At(2));

        Assert.Equal(0.1, Assert.Single(Drain(window)).Revenue);
    }

    [Theory]
    [InlineData(double.NaN, 1, 1, 0)]
    [InlineData(double.PositiveInfinity, 1, 1, 0)]
    [InlineData(2.0, long.MinValue, 0, 0)]
    [InlineData(2.0, -3, -3, -6)]
    public void Amounts_BeyondWhatCanBeSummed_DoNotCount(double price, long quantity, long units, double revenue)
    {
        var totals = new SignalTotals();
        totals.Add(Signal("a", 0, quantity, price));
        Assert.Equal((units, 1, (decimal)revenue), (totals.Units, totals.Lines, totals.Revenue));
    }

    [Fact]
    public void Related_AreTheFiveMostFrequent_TiesById()
    {
        var counts = new Dictionary<string, int> { ["f"] = 1, ["b"] = 2, ["a"] = 1, ["é"] = 3, ["Z"] = 2, ["c"] = 1, ["d"] = 1 };
        Assert.Equal(["é", "Z", "b", "a", "c"], RelatedRanking.Top(counts));
    }

    [Fact]
    public void AnyArrival_InAnyOrder_EndsInTheTruth() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(int Seed, PositiveInt Steps)>(), input => Check(input.Seed, 20 + (input.Steps.Get * 10)))
            .QuickCheckThrowOnFailure();

    /// <summary>Signals come on time, late, and far too late, while the watermark moves on by one partition or by many.</summary>
    private static void Check(int seed, int steps)
    {
        var random = new Random(seed);
        var length = Period * random.Next(1, 6);
        var window = new SignalWindow(new WindowOptions { Length = length });
        var signals = new List<CatalogDelta>();
        var index = new Dictionary<string, DocumentSignals>();
        var watermark = 0;
        for (var step = 0; step < steps; step++)
        {
            if (random.Next(6) == 0)
            {
                watermark += random.Next(4) == 0 ? random.Next(1, 9) : 1;
                window.Advance(At(watermark));
            }
            else
            {
                var signal = Signal(
                    $"d{random.Next(6)}", Math.Max(0, watermark + random.Next(-8, 3)), random.Next(-3, 9), random.Next(1, 500) / 100.0,
                    [.. Enumerable.Range(0, random.Next(4)).Select(_ => $"d{random.Next(9)}")]);
                signals.Add(signal);
                window.Add(signal);
            }

            if (random.Next(3) == 0)
            {
                Apply(window, index);
            }
        }

        watermark += 3;
        window.Advance(At(watermark));
        Apply(window, index);

        var truth = new SignalsTruth(length);
        signals.ForEach(truth.Apply);
        var expected = truth.At(Origin + (watermark * Period));
        Assert.Equal(
            expected.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)),
            index.Where(pair => pair.Value.Lines > 0).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, Entry(pair.Value))));
    }

    private static void Apply(SignalWindow window, Dictionary<string, DocumentSignals> index)
    {
        foreach (var state in Drain(window))
        {
            Assert.True(!index.TryGetValue(state.DocumentId, out var before) || state.Version > before.Version, $"{state} does not follow {before}");
            index[state.DocumentId] = state;
        }
    }

    private static SignalsEntry Entry(DocumentSignals state) => new(state.Units, state.Lines, state.Revenue, string.Join('\n', state.Related));

    private static SignalWindow Window(int partitions) => new(new WindowOptions { Length = partitions * Period });

    private static List<DocumentSignals> Drain(SignalWindow window)
    {
        var states = new List<DocumentSignals>();
        window.Drain(states);
        return states;
    }

    private static long At(int partition) => (Origin + (partition * Period)).ToUnixTimeMilliseconds();

    private static CatalogDelta Signal(string id, int partition, long quantity, double price, params string[] related) => new()
    {
        DocumentId = id,
        Kind = DeltaKind.Signal,
        Version = 1,
        EventTimeMilliseconds = At(partition),
        Partition = new PartitionId(Origin + (partition * Period), Period).Name,
        Quantity = quantity,
        Price = price,
        Related = related,
    };
}
