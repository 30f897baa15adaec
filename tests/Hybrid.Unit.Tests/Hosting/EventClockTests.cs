using Hybrid.Pipeline.Hosting;

namespace Hybrid.Unit.Tests.Hosting;

public class EventClockTests
{
    private static readonly DateTimeOffset Origin = new(2011, 12, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Now_InProduction_IsWallTime()
    {
        var wall = new FixedTime(Start);
        Assert.Equal(Start, new EventClock(new ClockOptions(), wall).GetUtcNow());
    }

    [Fact]
    public void Now_Accelerated_RunsFromTheOriginAtItsSpeed()
    {
        var clock = new EventClock(new ClockOptions { Origin = Origin, Start = Start, Speed = 1500 }, new FixedTime(Start.AddSeconds(2)));
        Assert.Equal(Origin.AddMinutes(50), clock.GetUtcNow());
        Assert.Equal(Start.AddMilliseconds(200), clock.ToWall(Origin.AddMinutes(5)));
        Assert.Equal(Origin.AddMinutes(5), clock.ToEvent(Start.AddMilliseconds(200)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void New_WithASpeedThatIsNone_SaysSo(double speed)
    {
        var failure = Assert.Throws<HybridException>(() => new EventClock(new ClockOptions { Origin = Origin, Start = Start, Speed = speed }));
        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
    }

    [Fact]
    public void New_WithHalfAMapping_SaysSo() =>
        Assert.Throws<HybridException>(() => new EventClock(new ClockOptions { Origin = Origin }));

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
