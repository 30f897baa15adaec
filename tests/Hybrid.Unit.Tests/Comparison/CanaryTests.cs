using Hybrid.Comparison.Observer;

namespace Hybrid.Unit.Tests.Comparison;

public sealed class CanaryTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Choose_FromManyUpserts_TakesFirstLastAndBetween()
    {
        var chooser = new CanaryChooser(3);
        for (var line = 1; line <= 9; line++)
        {
            chooser.Consider(Deltas.Upsert($"d{line}", line));
        }

        Assert.Equal(["d1", "d5", "d9"], chooser.Choose(_ => null).Select(canary => canary.DocumentId));
    }

    [Fact]
    public void Choose_WithDocumentsMadeForIt_TakesOnlyThose()
    {
        var chooser = new CanaryChooser(5);
        chooser.Consider(Deltas.Upsert("a", 1));
        chooser.Consider(Deltas.Upsert("canary-1", 2));
        chooser.Consider(Deltas.Upsert("b", 3));
        var canary = Assert.Single(chooser.Choose(_ => null));
        Assert.Equal(new Canary("canary-1", 2, Weight: 3), canary);
    }

    [Fact]
    public void Choose_DocumentThatANewerDeltaAlreadyBeats_IsLeftOut()
    {
        var chooser = new CanaryChooser(5);
        chooser.Consider(Deltas.Upsert("a", 1));
        chooser.Consider(Deltas.Upsert("b", 2));
        Assert.Equal("b", Assert.Single(chooser.Choose(id => id == "a" ? 10 : 2)).DocumentId);
    }

    [Fact]
    public void Choose_DocumentUpsertedTwice_WaitsForTheLaterVersion()
    {
        var chooser = new CanaryChooser(5);
        chooser.Consider(Deltas.Upsert("a", 1));
        chooser.Consider(Deltas.Upsert("a", 2));
        Assert.Equal(2, Assert.Single(chooser.Choose(_ => 2)).Version);
    }

    [Fact]
    public void Choose_DeletesAndSignalsAndIdsWithCommas_AreNone()
    {
        var chooser = new CanaryChooser(5);
        chooser.Consider(Deltas.Delete("a", 1));
        chooser.Consider(Deltas.Signal("b", 2));
        chooser.Consider(Deltas.Upsert("c,d", 3));
        Assert.Empty(chooser.Choose(_ => null));
    }

    [Fact]
    public void Choose_Twice_BeginsAnewWithTheNextObject()
    {
        var chooser = new CanaryChooser(5);
        chooser.Consider(Deltas.Upsert("canary-1", 1));
        chooser.Choose(_ => null);
        chooser.Consider(Deltas.Upsert("plain", 2));
        Assert.Equal("plain", Assert.Single(chooser.Choose(_ => null)).DocumentId);
    }

    [Fact]
    public void Board_BeforeAnObjectIsPut_WaitsForNothing()
    {
        var board = new CanaryBoard([new Watched(new Canary("a", 1, 1), Start, Start.AddSeconds(2))]);
        Assert.Empty(board.Wanted(Start.AddSeconds(1), 10));
        Assert.Equal(["a"], board.Wanted(Start.AddSeconds(2), 10));
    }

    [Fact]
    public void Board_OlderVersionShown_KeepsWaiting()
    {
        var board = new CanaryBoard([new Watched(new Canary("a", 5, 1), Start, Start)]);
        board.Wanted(Start, 10);
        board.Show("a", 4, Start.AddSeconds(1));
        Assert.Equal(0, board.Seen);
        board.Show("a", 6, Start.AddSeconds(3));
        Assert.Equal(3, Assert.Single(board.Sightings).Freshness);
        Assert.Empty(board.Wanted(Start.AddSeconds(4), 10));
    }

    [Fact]
    public void Board_NewestVersionShown_SettlesEveryOlderCanaryOfTheDocument()
    {
        var board = new CanaryBoard([new Watched(new Canary("a", 1, 1), Start, Start), new Watched(new Canary("a", 2, 1), Start.AddSeconds(1), Start.AddSeconds(1))]);
        board.Wanted(Start.AddSeconds(1), 10);
        board.Show("a", 2, Start.AddSeconds(2));
        Assert.Equal([1.0, 2.0], board.Sightings.Select(sighting => sighting.Freshness).Order());
    }

    [Fact]
    public void Board_MoreThanTheLimit_TakesTurnsUntilAllWereAskedFor()
    {
        var board = new CanaryBoard(Enumerable.Range(0, 10).Select(number => new Watched(new Canary($"d{number}", 1, 1), Start, Start)));
        var asked = Enumerable.Range(0, 4).SelectMany(_ => board.Wanted(Start, 3)).ToHashSet();
        Assert.Equal(10, asked.Count);
    }
}
