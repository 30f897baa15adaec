namespace Hybrid.EndToEnd.Tests.Publisher;

/// <summary>A machine whose clock is set to another time while its monotonic clock goes on.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long _ahead;

    public TimeSpan Ahead
    {
        get => new(Volatile.Read(ref _ahead));
        set => Volatile.Write(ref _ahead, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
}
