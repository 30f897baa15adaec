using Hybrid.Publisher.Publishing;

namespace Hybrid.Unit.Tests.Publisher;

public sealed class RecordPacerTests
{
    [Fact]
    public async Task ClockThatIsSetBack_DoesNotMakeItWaitForIt()
    {
        var time = new SetBackTime();
        var pacer = new RecordPacer(1_000, time);
        await pacer.TakeAsync(10, default);

        time.Back = TimeSpan.FromHours(1);

        await pacer.TakeAsync(10, default).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
    }

    private sealed class SetBackTime : TimeProvider
    {
        public TimeSpan Back { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - Back;
    }
}
