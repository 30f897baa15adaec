using Hybrid.Comparison.Experiments;
using Hybrid.Comparison.Observer;
using Hybrid.Contracts.Reports;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Unit.Tests.Comparison;

public sealed class RestartTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("streaming:kill@50%")]
    [InlineData("publisher:stop@12")]
    [InlineData("lane:kill@30%+5s")]
    public void Parse_AStep_ReadsWhatToStringWrites(string text) => Assert.Equal(text, RestartStep.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("streaming")]
    [InlineData("streaming:burn@50%")]
    [InlineData("streaming:kill@0")]
    [InlineData("streaming:kill@101%")]
    [InlineData(":kill@1")]
    [InlineData("streaming:kill@1+soon")]
    public void Parse_SomethingElse_IsAWrongCall(string text) =>
        Assert.Equal(ExitCodes.WrongCall, Assert.Throws<HybridException>(() => RestartStep.Parse(text)).ExitCode);

    [Fact]
    public void Position_OfAShareAndOfANumber_IsInPartitions()
    {
        Assert.Equal(20, RestartStep.Parse("lane:kill@50%").Position(40));
        Assert.Equal(11, RestartStep.Parse("lane:kill@12").Position(40));
    }

    [Fact]
    public void IsFor_ThePublisher_IsPartOfEveryLanesRun()
    {
        Assert.True(RestartStep.Parse("publisher:kill@1").IsFor("streaming"));
        Assert.True(RestartStep.Parse("lane:kill@1").IsFor("streaming"));
        Assert.False(RestartStep.Parse("micro-batch:kill@1").IsFor("streaming"));
    }

    [Fact]
    public void Effect_BacklogAfterTheSignal_EndsWithItsLastPartition()
    {
        // Steady at 0.2 s; killed at 10 s; the partitions due at 9.9 s to 12 s are seen together at 13 s.
        var restart = Complete(
            [.. Steady(0, 9), .. new[] { 9.9, 10, 11, 12 }.Select(due => Seen(due, 13)), .. Steady(13, 20)], signalledAt: 10);
        Assert.Equal(3, restart.CatchUpSeconds!.Value, 3);
        Assert.Equal(3.1, restart.PeakStalenessSeconds!.Value, 3);
    }

    [Fact]
    public void Effect_FreshnessStaysInItsBand_IsNoCatchUp()
    {
        var restart = Complete([.. Steady(0, 20)], signalledAt: 10);
        Assert.Equal(0, restart.CatchUpSeconds);
    }

    [Fact]
    public void Effect_FreshnessNeverBackInItsBand_IsNotMeasured()
    {
        var restart = Complete([.. Steady(0, 9), .. Enumerable.Range(10, 10).Select(due => Seen(due, due + 5))], signalledAt: 10);
        Assert.Null(restart.CatchUpSeconds);
        Assert.Equal(5, restart.PeakStalenessSeconds!.Value, 3);
    }

    [Fact]
    public void Effect_OneGoodPartitionAmongBadOnes_IsNotTheEnd()
    {
        var restart = Complete([.. Steady(0, 9), Seen(10, 14), Seen(11, 11.2), Seen(12, 15), .. Steady(13, 20)], signalledAt: 10);
        Assert.Equal(5, restart.CatchUpSeconds!.Value, 3);
    }

    [Fact]
    public void Effect_SecondRestart_IsJudgedByTheBandBeforeTheFirst()
    {
        Sighting[] seen = [.. Steady(0, 9), Seen(10, 13), .. Steady(11, 19), Seen(20, 22), .. Steady(21, 30)];
        var second = RestartEffect.Complete(
            new RestartReport { Target = "publisher", Kind = "kill", AtSeconds = 20 },
            Start.AddSeconds(10),
            Start.AddSeconds(20),
            DateTimeOffset.MaxValue,
            seen,
            room: 0.05);
        Assert.Equal(2, second.CatchUpSeconds!.Value, 3);
    }

    private static RestartReport Complete(Sighting[] sightings, double signalledAt) => RestartEffect.Complete(
        new RestartReport { Target = "streaming", Kind = "kill", AtSeconds = signalledAt },
        Start.AddSeconds(signalledAt),
        Start.AddSeconds(signalledAt),
        DateTimeOffset.MaxValue,
        sightings,
        room: 0.05);

    private static IEnumerable<Sighting> Steady(int from, int to) => Enumerable.Range(from, to - from + 1).Select(due => Seen(due, due + 0.2));

    private static Sighting Seen(double due, double at) => new(Start.AddSeconds(due), Start.AddSeconds(at), 1);
}
