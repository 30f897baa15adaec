using Hybrid.Lanes.Consuming;

namespace Hybrid.Unit.Tests.Lanes;

public sealed class AgeMarksTests
{
    private readonly AgeMarks _marks = new();

    [Fact]
    public void NothingNoted_HasNoAge() => Assert.Null(_marks.At(0));

    [Fact]
    public void At_IsTheTimeOfTheRecordOrOfOneShortlyBeforeIt()
    {
        for (var offset = 0; offset < 1_000; offset++)
        {
            _marks.Note(offset, 10 * offset);
        }

        foreach (var offset in new[] { 0, 9, 10, 333, 333, 999, 5_000 })
        {
            Assert.InRange(_marks.At(offset)!.Value, (10 * Math.Min(offset, 999)) - 99, 10 * Math.Min(offset, 999));
        }
    }

    [Fact]
    public void OffsetBeforeTheFirst_IsAsOldAsTheFirst()
    {
        _marks.Note(500, 7);

        Assert.Equal(7, _marks.At(3));
    }

    [Fact]
    public void Clear_ForgetsEverything()
    {
        _marks.Note(1, 1);
        _marks.At(1);
        _marks.Clear();
        Assert.Null(_marks.At(1));
        _marks.Note(0, 2);

        Assert.Equal(2, _marks.At(0));
    }
}
