namespace Hybrid.Pipeline.Hosting;

/// <summary>
/// A <see cref="TimeProvider"/> whose now is event time, and the mapping of event time onto wall time.
/// Its timestamps and timers stay in wall time, since delays, triggers and durations are.
/// </summary>
public sealed class EventClock : TimeProvider
{
    private readonly TimeProvider _wall;
    private readonly DateTimeOffset _origin;
    private readonly DateTimeOffset _start;
    private readonly double _speed;
    private readonly long _measuredFrom;

    /// <summary>Makes a clock.</summary>
    /// <param name="options">The mapping.</param>
    /// <param name="wall">Wall time; the system's when null.</param>
    /// <exception cref="HybridException">The speed is not above 0, or only one of origin and start is given.</exception>
    public EventClock(ClockOptions options, TimeProvider? wall = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!(options.Speed > 0) || double.IsInfinity(options.Speed))
        {
            throw HybridException.WrongCall($"Clock:Speed is {options.Speed}: give a number above 0");
        }

        if (options.Origin.HasValue != options.Start.HasValue || (options.Origin is null && options.Speed != 1))
        {
            throw HybridException.WrongCall("Clock:Origin and Clock:Start belong together, and Clock:Speed needs both: give all three or none");
        }

        _wall = wall ?? System;
        _origin = options.Origin ?? DateTimeOffset.UnixEpoch;
        _start = options.Start ?? DateTimeOffset.UnixEpoch;
        _speed = options.Speed;
        _measuredFrom = options.MeasuredFrom is { } from ? ToWall(from).ToUnixTimeMilliseconds() : long.MinValue;
    }

    private EventClock(EventClock mapping, TimeProvider wall) =>
        (_wall, _origin, _start, _speed, _measuredFrom) = (wall, mapping._origin, mapping._start, mapping._speed, mapping._measuredFrom);

    /// <summary>Seconds of event time per second of wall time.</summary>
    public double Speed => _speed;

    /// <summary>Now in wall time, UTC.</summary>
    public DateTimeOffset WallNow => _wall.GetUtcNow();

    /// <summary>Now in event time, UTC.</summary>
    public override DateTimeOffset GetUtcNow() => ToEvent(WallNow);

    /// <summary>Whether freshness is recorded of what was due at an instant of wall time, Unix milliseconds: not of a warm-up.</summary>
    public bool IsMeasured(long dueMilliseconds) => dueMilliseconds >= _measuredFrom;

    /// <summary>The same mapping over another wall time.</summary>
    /// <param name="wall">Wall time.</param>
    public EventClock Over(TimeProvider wall)
    {
        ArgumentNullException.ThrowIfNull(wall);
        return new EventClock(this, wall);
    }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => _wall.TimestampFrequency;

    /// <inheritdoc/>
    public override long GetTimestamp() => _wall.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _wall.CreateTimer(callback, state, dueTime, period);

    /// <summary>The wall time at which an instant of event time is due.</summary>
    /// <param name="eventTime">Event time.</param>
    public DateTimeOffset ToWall(DateTimeOffset eventTime) =>
        _speed == 1 ? _start + (eventTime - _origin) : _start.AddTicks((long)((eventTime - _origin).Ticks / _speed));

    /// <summary>The event time at an instant of wall time.</summary>
    /// <param name="wallTime">Wall time.</param>
    public DateTimeOffset ToEvent(DateTimeOffset wallTime) =>
        _speed == 1 ? _origin + (wallTime - _start) : _origin.AddTicks((long)((wallTime - _start).Ticks * _speed));
}
