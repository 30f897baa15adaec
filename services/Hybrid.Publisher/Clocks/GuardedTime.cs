using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Publisher.Clocks;

/// <summary>Wall time by a <see cref="ClockGuard"/>. Timestamps and timers stay those of the machine's monotonic clock. For concurrent use.</summary>
/// <param name="clock">The machine's clocks.</param>
/// <param name="store">The object store's.</param>
/// <param name="guard">Makes one time of them.</param>
internal sealed class GuardedTime(EventClock clock, StoreTime store, ClockGuard guard) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly long _began = clock.GetTimestamp();

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => Read().Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(callback, state, dueTime, period);

    /// <summary>Takes a look at all clocks.</summary>
    public ClockReading Read()
    {
        lock (_gate)
        {
            return guard.Read(clock.WallNow, clock.GetElapsedTime(_began), store.Now);
        }
    }
}
