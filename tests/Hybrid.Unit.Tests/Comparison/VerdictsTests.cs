using Hybrid.Comparison.Accounts;
using Hybrid.Comparison.Experiments;
using Hybrid.Comparison.Observer;
using Hybrid.Contracts.Reports;

namespace Hybrid.Unit.Tests.Comparison;

public sealed class VerdictsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Disagreements_LaneAndObserverAgree_AreNone() =>
        Assert.Empty(Verdicts.Disagreements(Stages((Stage.Posted, 0.1), (Stage.Acknowledged, 0.2)), Seen(0.4), 0.025));

    [Fact]
    public void Disagreements_SearchableLongBeforeTheLaneSaysItWasAcknowledged_AreAnError()
    {
        var error = Assert.Single(Verdicts.Disagreements(Stages((Stage.Acknowledged, 2)), Seen(0.4), 0.025));
        Assert.Contains("2.000 s", error, StringComparison.Ordinal);
        Assert.Contains("0.400 s", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Disagreements_TooFewSightings_SettleNothing() =>
        Assert.Empty(Verdicts.Disagreements(Stages((Stage.Acknowledged, 2)), [.. Seen(0.4).Take(5)], 0.025));

    [Fact]
    public void Disagreements_ConsumedBeforePublished_AreAnError() =>
        Assert.Single(Verdicts.Disagreements(Stages((Stage.Published, 3), (Stage.Consumed, 1)), [], 0.025));

    [Fact]
    public void Miscounts_LostRecord_IsNamed()
    {
        var ledger = new RecordLedger();
        ledger.Record("a", 1);
        ledger.DeadLetter(ofLane: false);
        Assert.Single(Verdicts.Miscounts(ledger.Account(3), Input(lines: 3, records: 2, deadLetters: 1)));
        ledger.Record("b", 1);
        Assert.Empty(Verdicts.Miscounts(ledger.Account(3), Input(lines: 3, records: 2, deadLetters: 1)));
    }

    [Fact]
    public void Miscounts_OfALaneWithoutTopics_SpeakOfItsCursor()
    {
        var counts = new Accounting { LinesRead = 3, Records = 1, DeadLetters = 1, Duplicates = 0 };
        Assert.Contains("the lane's cursor counts 1 records", Assert.Single(Verdicts.Miscounts(counts, Input(3, 2, 1), Verdicts.InCursor)), StringComparison.Ordinal);
        Assert.Contains("the topics hold 1 records", Assert.Single(Verdicts.Miscounts(counts, Input(3, 2, 1))), StringComparison.Ordinal);
    }

    [Fact]
    public void Miscounts_OfWhoWasToldToSkip_AreWhatIsTooMuchAlone()
    {
        var counts = new Accounting { LinesRead = 3, Records = 1, DeadLetters = 1, Duplicates = 0 };
        Assert.Empty(Verdicts.Miscounts(counts, Input(3, 2, 1), skips: true));
        Assert.Single(Verdicts.Miscounts(counts with { Records = 3 }, Input(3, 2, 1), skips: true));
        Assert.Single(Verdicts.Miscounts(counts with { Duplicates = 1 }, Input(3, 2, 1), skips: true));
    }

    [Fact]
    public void Ledger_SameDocumentAndVersionTwice_IsADuplicate()
    {
        var ledger = new RecordLedger();
        ledger.Record("a", 1);
        ledger.Record("b", 1);
        ledger.Record("a", 2);
        Assert.Equal(0, ledger.Duplicates);
        ledger.Record("a", 1);
        Assert.Equal(1, ledger.Duplicates);
        Assert.False(ledger.Account(4).AddsUp);
    }

    [Fact]
    public void Losses_DeadLettersOfALane_AreAnErrorAndNoLines()
    {
        var ledger = new RecordLedger();
        ledger.DeadLetter(ofLane: true);
        Assert.Equal(0, ledger.Total);
        Assert.Single(Verdicts.Losses(ledger));
    }

    private static InputInfo Input(long lines, long records, long deadLetters) => new()
    {
        Source = "here",
        Partitions = 1,
        Objects = 1,
        Lines = lines,
        Records = records,
        DeadLetters = deadLetters,
        Documents = 1,
        FirstPartition = "2011-12-01T08:05Z",
        LastPartition = "2011-12-01T08:05Z",
    };

    private static Dictionary<string, Distribution> Stages(params (string Name, double P50)[] stages) => stages.ToDictionary(
        stage => stage.Name,
        stage => new Distribution { P50 = stage.P50, P95 = stage.P50, P99 = stage.P50, Max = stage.P50, Samples = 100 });

    private static Sighting[] Seen(double freshness) => [.. Enumerable.Range(0, 50).Select(due => new Sighting(Start.AddSeconds(due), Start.AddSeconds(due + freshness), 1))];
}
