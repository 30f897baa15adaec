namespace Hybrid.Unit.Tests.Lanes;

/// <summary>A clock that stands still until the test moves it.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddYears(42);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.UtcTicks;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan step) => _now += step;
}
