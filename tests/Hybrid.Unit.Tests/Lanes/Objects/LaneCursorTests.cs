using System.Text;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Progress;

namespace Hybrid.Unit.Tests.Lanes.Objects;

public sealed class LaneCursorTests
{
    private static readonly DateTimeOffset Origin = new(2011, 12, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly ConditionalStore _store = new();

    [Fact]
    public async Task NothingWritten_IsRead_AsNothing() => Assert.Null(await Cursor().ReadAsync(default));

    [Fact]
    public async Task WhatIsWritten_IsRead()
    {
        Assert.True(await Cursor().TryAdvanceAsync(Record(1) with { Recount = true }, default));
        var read = await Cursor().ReadAsync(default);
        Assert.Equal((1L, true, Origin.AddMinutes(1)), (read!.Sequence, read.Recount, read.Progress.Watermark));
        Assert.Equal("k-1", Assert.Single(read.Progress.Objects).Key);
    }

    [Fact]
    public async Task OneOfTwo_ThatBeginAtTheSamePlace_MovesIt()
    {
        var (one, other) = (Cursor(), Cursor());
        Assert.True(await one.TryAdvanceAsync(Record(1), default));
        Assert.False(await other.TryAdvanceAsync(Record(2), default));
        Assert.Equal(Origin.AddMinutes(1), (await Cursor().ReadAsync(default))!.Progress.Watermark);
    }

    [Fact]
    public async Task WhoLost_GoesOnFromWhatItReads()
    {
        var (one, other) = (Cursor(), Cursor());
        await one.TryAdvanceAsync(Record(1), default);
        await other.TryAdvanceAsync(Record(2), default);
        Assert.True(await other.TryAdvanceAsync(Record(3), default));
        Assert.False(await one.TryAdvanceAsync(Record(4), default));
        Assert.Equal(2, (await Cursor().ReadAsync(default))!.Sequence);
    }

    [Fact]
    public async Task LostAnswer_IsFoundOut_AndIsNoDefeat()
    {
        var cursor = Cursor();
        _store.LosesAnAnswer = true;
        Assert.True(await cursor.TryAdvanceAsync(Record(1), default));
        Assert.True(await cursor.TryAdvanceAsync(Record(2), default));
        Assert.Equal(2, (await Cursor().ReadAsync(default))!.Sequence);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("null")]
    [InlineData("""{"format":99,"instance":"x","progress":{"source":"s","watermark":"2011-12-01T08:00:00+00:00"}}""")]
    [InlineData("""{"format":1,"instance":"x"}""")]
    public async Task WhatIsNoCursor_IsRefusedInOneLine(string content)
    {
        await _store.PutAsync("c", new MemoryStream(Encoding.UTF8.GetBytes(content)), null, default);
        var failure = await Assert.ThrowsAsync<HybridException>(() => Cursor().ReadAsync(default));
        Assert.StartsWith("the cursor 'c' cannot be read", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public void Key_IsTheLanesAndTheSources() => Assert.Equal("_hybrid/direct/catalog/cursor.json", LaneCursor.KeyOf("_hybrid/", "direct", "catalog"));

    private LaneCursor Cursor() => new(_store, "c");

    private static CursorRecord Record(int minute) => new()
    {
        Instance = $"i{minute}",
        Progress = new SourceProgress { Source = "catalog", Watermark = Origin.AddMinutes(minute), Objects = [new PublishedObject($"k-{minute}", "e", 0)] },
    };
}
