using Hybrid.Comparison.Crashes;
using Hybrid.Comparison.Crashes.Registry;
using Hybrid.Comparison.Crashes.S3;
using Hybrid.Comparison.Crashes.Solr;

namespace Hybrid.Unit.Tests.Crashes;

public sealed class StoreLedgerTests
{
    private static readonly ObjectBytes Old = new(1, 100);
    private static readonly ObjectBytes New = new(2, 200);

    [Fact]
    public void Object_WhoseReplacementWasNotAcknowledged_IsTheOldOrTheNewOne()
    {
        Assert.Null(Replacing().Check(Payload.Of(Old.Number, Old.Length)));
        Assert.Null(Replacing().Check(Payload.Of(New.Number, New.Length)));
        Assert.NotNull(Replacing().Check(Payload.Of(New.Number, New.Length)[..150]));
        Assert.NotNull(Replacing().Check(null));
    }

    [Fact]
    public void Object_FoundReplaced_DoesNotGoBack()
    {
        var ledger = Replacing();
        ledger.Check(Payload.Of(New.Number, New.Length));

        Assert.NotNull(ledger.Check(Payload.Of(Old.Number, Old.Length)));
    }

    [Fact]
    public void Object_WhoseDeletionWasAcknowledged_IsGone()
    {
        var ledger = Replacing();
        ledger.Begin(null);
        ledger.Acknowledge();

        Assert.Null(ledger.Check(null));
        Assert.NotNull(ledger.Check(Payload.Of(New.Number, New.Length)));
    }

    [Fact]
    public void Document_WhoseUpdateWasNotAcknowledged_IsTheOldOrTheNewOne()
    {
        Assert.Null(Updating().Check(new DocumentState(1, 0), 10));
        Assert.Null(Updating().Check(new DocumentState(2, 1), 11));
        Assert.NotNull(Updating().Check(new DocumentState(2, 0), 11));
        Assert.NotNull(Updating().Check(null, 0));
    }

    [Fact]
    public void Document_WithAVersionThatWentBack_IsFound()
    {
        Assert.NotNull(Updating().Check(new DocumentState(1, 0), 9));
        Assert.NotNull(Updating().Check(new DocumentState(2, 1), 10));
        Assert.NotNull(Updating().Acknowledge(10));
    }

    [Fact]
    public void Schema_OnceAcknowledged_KeepsItsIdAlone()
    {
        var ledger = new SchemaLedger();
        ledger.Begin();
        ledger.Begin();

        Assert.Null(ledger.Acknowledge(0, 7));
        Assert.NotNull(ledger.Acknowledge(1, 7));
        Assert.NotNull(ledger.Check(0, 8));
        Assert.NotNull(ledger.Check(0, null));
    }

    [Fact]
    public void Schema_WhoseSubjectWasDeleted_DoesNotComeBack()
    {
        var ledger = new SchemaLedger();
        ledger.Begin();
        ledger.Acknowledge(0, 7);
        ledger.BeginDelete(0);

        Assert.Null(ledger.Check(0, 7));
        ledger.BeginDelete(0);
        Assert.Null(ledger.Check(0, null));
        Assert.NotNull(ledger.Check(0, 7));
    }

    private static ObjectLedger Replacing()
    {
        var ledger = new ObjectLedger("key");
        ledger.Begin(Old);
        ledger.Acknowledge();
        ledger.Begin(New);
        return ledger;
    }

    private static DocumentLedger Updating()
    {
        var ledger = new DocumentLedger("a");
        ledger.Begin(new DocumentState(1, 0));
        ledger.Acknowledge(10);
        ledger.Begin(new DocumentState(2, 1));
        return ledger;
    }
}
