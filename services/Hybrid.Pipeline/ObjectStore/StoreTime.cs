using System.Diagnostics;

namespace Hybrid.Pipeline.ObjectStore;

/// <summary>
/// What time it is by the object store's own clock: what its last answer said (<c>Date</c>, RFC 9110, section 6.6.1), to the second, and what
/// has passed since by the monotonic clock.
/// </summary>
public sealed class StoreTime
{
    /// <summary>An answer says the second that it was made in: on average half of it had passed.</summary>
    private static readonly TimeSpan s_halfSecond = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private DateTimeOffset? _date;
    private long _heard;

    /// <summary>Now, UTC; null while no answer said the time.</summary>
    public DateTimeOffset? Now
    {
        get
        {
            lock (_gate)
            {
                return _date + Stopwatch.GetElapsedTime(_heard);
            }
        }
    }

    internal void Hear(HttpResponseMessage answer)
    {
        // What has an age was kept by a cache on the way.
        if (answer.Headers.Date is { } date && answer.Headers.Age is null)
        {
            lock (_gate)
            {
                (_date, _heard) = (date + s_halfSecond, Stopwatch.GetTimestamp());
            }
        }
    }
}
