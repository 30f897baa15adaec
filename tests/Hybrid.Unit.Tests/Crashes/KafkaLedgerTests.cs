using Hybrid.Comparison.Crashes.Kafka;

namespace Hybrid.Unit.Tests.Crashes;

public sealed class KafkaLedgerTests
{
    [Fact]
    public void Records_AsAcknowledgedWithUnacknowledgedOnesBetween_AreRight()
    {
        var ledger = Acknowledged((0, 0), (2, 6));
        ledger.BeginReading();

        Assert.Null(ledger.Read(0, RecordLedger.ValueOf(0, 10), sent: 9));
        Assert.Null(ledger.Read(1, RecordLedger.ValueOf(3, 10), sent: 9));
        Assert.Null(ledger.Read(2, RecordLedger.ValueOf(6, 10), sent: 9));
        Assert.Null(ledger.EndReading());
    }

    [Fact]
    public void AcknowledgedRecord_AtTheEndOrInBetween_IsMissed()
    {
        var ledger = Acknowledged((0, 0), (1, 3), (2, 6));
        ledger.BeginReading();

        Assert.Contains("missing", ledger.Read(1, RecordLedger.ValueOf(3, 0), sent: 9), StringComparison.Ordinal);
        Assert.Contains("missing", ledger.EndReading(), StringComparison.Ordinal);
    }

    [Fact]
    public void Record_ReadTwice_IsFound()
    {
        var ledger = Acknowledged((0, 0));
        ledger.BeginReading();
        ledger.Read(0, RecordLedger.ValueOf(0, 5), sent: 1);

        Assert.Contains("twice", ledger.Read(1, RecordLedger.ValueOf(0, 5), sent: 1), StringComparison.Ordinal);
    }

    [Fact]
    public void Record_WithAnotherByte_IsFound()
    {
        var ledger = Acknowledged((0, 0));
        var value = RecordLedger.ValueOf(0, 21);
        value[^1] ^= 1;
        ledger.BeginReading();

        Assert.Contains("bytes", ledger.Read(0, value, sent: 1), StringComparison.Ordinal);
    }

    [Fact]
    public void Record_FoundUnacknowledgedOnce_HasToStay()
    {
        var ledger = Acknowledged();
        ledger.BeginReading();
        ledger.Read(0, RecordLedger.ValueOf(0, 5), sent: 1);
        ledger.EndReading();
        ledger.BeginReading();

        Assert.Contains("missing", ledger.EndReading(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Committed", 2, true)]
    [InlineData("Committed", 1, false)]
    [InlineData("Committed", 0, false)]
    [InlineData("Aborted", 2, false)]
    [InlineData("Aborted", 0, true)]
    [InlineData("Unknown", 2, true)]
    [InlineData("Unknown", 1, false)]
    [InlineData("Unknown", 0, true)]
    public void Transaction_OfTwoRecords_IsWholeOrNotAtAll(string outcome, int seen, bool right)
    {
        var ledger = new TransactionLedger();
        ledger.Begin(2, movesOffset: false);
        if (Enum.Parse<TransactionOutcome>(outcome) is var known and not TransactionOutcome.Unknown)
        {
            ledger.End(0, known);
        }

        ledger.BeginReading();
        for (var index = 0; index < seen; index++)
        {
            Assert.Null(ledger.Read(0, index));
        }

        Assert.Equal(right, !ledger.EndReading().Any());
    }

    [Fact]
    public void UnknownTransaction_OnceFound_HasToStayAndMovesTheOffset()
    {
        var ledger = new TransactionLedger();
        ledger.Begin(1, movesOffset: true);
        ledger.BeginReading();
        ledger.Read(0, 0);
        Assert.Empty(ledger.EndReading());

        Assert.Equal(0, ledger.ExpectedOffset());
        ledger.BeginReading();
        Assert.Single(ledger.EndReading());
    }

    [Fact]
    public void CompactedKey_EndsWithTheAcknowledgedValueOrALaterOne()
    {
        var ledger = new CompactedLedger();
        ledger.Send(1, tombstone: false);
        ledger.Send(4, tombstone: false);
        ledger.Acknowledge(4);
        ledger.Send(7, tombstone: false);

        Assert.NotNull(ledger.Check(1));
        Assert.Null(ledger.Check(4));
        Assert.Null(ledger.Check(7));
        Assert.NotNull(ledger.Check(null));
    }

    [Fact]
    public void CompactedKey_WithATombstone_MayBeGone()
    {
        var ledger = new CompactedLedger();
        ledger.Send(1, tombstone: true);
        ledger.Acknowledge(1);

        Assert.Null(ledger.Check(null));
        Assert.Null(ledger.Check(1));
    }

    private static RecordLedger Acknowledged(params (long Offset, long Number)[] records)
    {
        var ledger = new RecordLedger(0);
        foreach (var (offset, number) in records)
        {
            ledger.Acknowledge(offset, number);
        }

        return ledger;
    }
}
