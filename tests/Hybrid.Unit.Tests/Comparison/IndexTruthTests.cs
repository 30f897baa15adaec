using Hybrid.Comparison.Truth;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Unit.Tests.Comparison;

public sealed class IndexTruthTests
{
    [Fact]
    public void Apply_InAnyOrder_KeepsTheGreatestVersion()
    {
        CatalogDelta[] deltas = [Deltas.Upsert("a", 1, "first"), Deltas.Upsert("a", 3, "third"), Deltas.Upsert("a", 2, "second"), Deltas.Delete("b", 5), Deltas.Upsert("b", 4)];
        foreach (var order in Permutations(deltas))
        {
            var truth = new IndexTruth();
            foreach (var delta in order)
            {
                truth.Apply(delta);
            }

            Assert.Equal(3, truth.VersionOf("a"));
            Assert.Equal(AttributesFingerprint.Of(deltas[1]), truth.Entries[truth.Find("a")].Attributes);
            Assert.True(truth.IsHidden("b"));
            Assert.Equal(1, truth.Visible);
        }
    }

    [Fact]
    public void Apply_UpsertAfterDelete_ShowsTheDocumentAgain()
    {
        var truth = new IndexTruth();
        truth.Apply(Deltas.Upsert("a", 1));
        truth.Apply(Deltas.Delete("a", 2));
        truth.Apply(Deltas.Upsert("a", 3));
        Assert.False(truth.IsHidden("a"));
        Assert.Equal(1, truth.Visible);
    }

    [Fact]
    public void Apply_Signal_ChangesNothing()
    {
        var truth = new IndexTruth();
        truth.Apply(Deltas.Signal("a", 1));
        Assert.Empty(truth.Entries);
        Assert.Null(truth.VersionOf("a"));
    }

    [Fact]
    public void Comparison_IndexAsTheTruth_Converges()
    {
        var comparison = new TruthComparison(Truth(Deltas.Upsert("a", 1), Deltas.Upsert("b", 2), Deltas.Delete("b", 3), Deltas.Delete("never-there", 4)));
        comparison.Meet(Deltas.Document("a", 1));
        comparison.Meet(Deltas.Tombstone("b", 3));
        var report = comparison.Conclude();
        Assert.True(report.Converged);
        Assert.Equal(2, report.Documents);
        Assert.Empty(report.Examples);
    }

    [Fact]
    public void Comparison_DocumentNotInTheIndex_IsMissing()
    {
        var report = new TruthComparison(Truth(Deltas.Upsert("a", 1))).Conclude();
        Assert.False(report.Converged);
        Assert.Equal(1, report.Missing);
        Assert.Equal("a: is not in the index, should have version 1", Assert.Single(report.Examples));
    }

    [Theory]
    [InlineData(2, "a title", 1.5, "version 2")]
    [InlineData(3, "another", 1.5, "title")]
    [InlineData(3, "a title", 1.25, "price")]
    public void Comparison_OtherVersionOrAttribute_IsStale(long version, string title, double price, string named)
    {
        var comparison = new TruthComparison(Truth(Deltas.Upsert("a", 3)));
        comparison.Meet(Deltas.Document("a", version, title, price));
        var report = comparison.Conclude();
        Assert.Equal((0, 1, 0), (report.Missing, report.Stale, report.Extra));
        Assert.Contains(named, Assert.Single(report.Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void Comparison_DeletedDocumentThatIsShown_IsExtra()
    {
        var comparison = new TruthComparison(Truth(Deltas.Upsert("a", 1), Deltas.Delete("a", 2)));
        comparison.Meet(Deltas.Document("a", 1));
        comparison.Meet(Deltas.Document("stranger", 7));
        Assert.Equal(2, comparison.Conclude().Extra);
    }

    [Fact]
    public void Comparison_ShownDocumentThatIsATombstone_IsMissing()
    {
        var comparison = new TruthComparison(Truth(Deltas.Delete("a", 1), Deltas.Upsert("a", 2)));
        comparison.Meet(Deltas.Tombstone("a", 1));
        Assert.Equal(1, comparison.Conclude().Missing);
    }

    [Fact]
    public void Comparison_DocumentWithSignalsOnly_IsPassedOver()
    {
        var comparison = new TruthComparison(Truth());
        comparison.Meet(Deltas.Document("a", null));
        Assert.True(comparison.Conclude().Converged);
    }

    [Fact]
    public void Comparison_OtherSignals_AreStale_AndNoneAreAsGoodAsZero()
    {
        var expected = new Dictionary<string, SignalsEntry> { ["a"] = new(5, 2, 7.5, "b\nc") };
        var comparison = new TruthComparison(Truth(Deltas.Upsert("a", 1), Deltas.Upsert("b", 1), Deltas.Upsert("c", 1)), expected);
        comparison.Meet(Deltas.Document("a", 1) with { Signals = Signals("a", 5, 2, 7.5, "c", "b") });
        comparison.Meet(Deltas.Document("b", 1) with { Signals = Signals("b", 0, 0, 0) });
        comparison.Meet(Deltas.Document("c", 1));
        var report = comparison.Conclude();
        Assert.Equal((0, 1, 0), (report.Missing, report.Stale, report.Extra));
        Assert.Equal("a: shows 5 units in 2 lines for 7.5 with [c b], should show 5 units in 2 lines for 7.5 with [b c]", Assert.Single(report.Examples));
    }

    [Fact]
    public void Comparison_SignalsThatStayInTheIndex_AreStale_AndThoseOfADocumentThatIsNotThere_AreMissing()
    {
        var expected = new Dictionary<string, SignalsEntry> { ["only signals"] = new(1, 1, 1, "") };
        var comparison = new TruthComparison(Truth(Deltas.Upsert("a", 1)), expected);
        comparison.Meet(Deltas.Document("a", 1) with { Signals = Signals("a", 5, 2, 7.5) });
        var report = comparison.Conclude();
        Assert.Equal((1, 1, 0), (report.Missing, report.Stale, report.Extra));
    }

    private static DocumentSignals Signals(string id, long units, long lines, double revenue, params string[] related) =>
        new() { DocumentId = id, Version = 1, Units = units, Lines = lines, Revenue = revenue, Related = related };

    private static IndexTruth Truth(params CatalogDelta[] deltas)
    {
        var truth = new IndexTruth();
        foreach (var delta in deltas)
        {
            truth.Apply(delta);
        }

        return truth;
    }

    private static IEnumerable<IReadOnlyList<T>> Permutations<T>(IReadOnlyList<T> items) => items.Count == 0
        ? [[]]
        : items.SelectMany((item, index) => Permutations<T>([.. items.Where((_, other) => other != index)]).Select(rest => (IReadOnlyList<T>)[item, .. rest]));
}
