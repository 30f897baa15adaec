using Hybrid.Contracts.Records;

namespace Hybrid.Unit.Tests.Contracts;

public class DeltaVersionTests
{
    private static readonly long Noon = new DateTimeOffset(2011, 12, 1, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    [Fact]
    public void Create_WithALaterEventTime_IsGreaterWhateverTheRest() =>
        Assert.True(DeltaVersion.Create(Noon + 1, 0, 1, 0) > DeltaVersion.Create(Noon, 7, 65535, 7));

    [Fact]
    public void Create_WithAHigherGeneration_IsGreaterWhateverTheLine() =>
        Assert.True(DeltaVersion.Create(Noon, 1, 1, 0) > DeltaVersion.Create(Noon, 0, 65535, 7));

    [Fact]
    public void Create_WithALaterLine_IsGreaterWhateverTheObject() =>
        Assert.True(DeltaVersion.Create(Noon, 0, 2, 0) > DeltaVersion.Create(Noon, 0, 1, 7));

    [Fact]
    public void Create_ForTwoObjectsAtOneLine_Differs() =>
        Assert.NotEqual(DeltaVersion.Create(Noon, 0, 1, 0), DeltaVersion.Create(Noon, 0, 1, 1));

    [Fact]
    public void Create_AtTheLastInstant_IsPositive() =>
        Assert.True(DeltaVersion.Create(DeltaVersion.MaxEventTime.ToUnixTimeMilliseconds(), 7, 65535, 7) == long.MaxValue);

    [Fact]
    public void Create_OutsideItsTime_Refuses()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => DeltaVersion.Create(DeltaVersion.MinEventTime.ToUnixTimeMilliseconds() - 1, 0, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => DeltaVersion.Create(DeltaVersion.MaxEventTime.ToUnixTimeMilliseconds() + 1, 0, 1, 0));
    }

    [Theory]
    [InlineData("dt=2011-12-01/part-3.ndjson.gz", 3)]
    [InlineData("part-0.ndjson", 0)]
    [InlineData("12.csv", 12)]
    public void ObjectOrdinal_OfANumberedName_IsItsNumber(string key, int ordinal) => Assert.Equal(ordinal, DeltaVersion.ObjectOrdinal(key));

    [Fact]
    public void ObjectOrdinal_OfAnUnnumberedName_IsStableAndSmall()
    {
        var ordinal = DeltaVersion.ObjectOrdinal("a/part-0-late.ndjson.gz");
        Assert.InRange(ordinal, 0, 7);
        Assert.Equal(ordinal, DeltaVersion.ObjectOrdinal("b/part-0-late.ndjson.gz"));
    }
}
