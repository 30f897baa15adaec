using Confluent.Kafka;
using Hybrid.Pipeline.Kafka;

namespace Hybrid.Unit.Tests.Kafka;

public sealed class RepeatedErrorsTests
{
    [Fact]
    public void ErrorOfOneCode_IsToldAtOnce_AndThenEveryTenSeconds()
    {
        var clock = new HandClock();
        var errors = new RepeatedErrors(clock);

        Assert.True(errors.IsDue(ErrorCode.Local_AllBrokersDown));
        Assert.False(errors.IsDue(ErrorCode.Local_AllBrokersDown));
        Assert.True(errors.IsDue(ErrorCode.Local_Transport));
        clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(errors.IsDue(ErrorCode.Local_AllBrokersDown));
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(errors.IsDue(ErrorCode.Local_AllBrokersDown));
    }

    private sealed class HandClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
