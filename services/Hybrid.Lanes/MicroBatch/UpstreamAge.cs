namespace Hybrid.Lanes.MicroBatch;

/// <summary>
/// How old the records of a batch were when they were taken, on average. One that is older than the target counts as that old: no interval
/// makes up for it, and a few late ones are not to press the others.
/// </summary>
internal sealed class UpstreamAge(TimeSpan? target, TimeProvider time)
{
    private double _milliseconds;
    private int _records;

    /// <summary>Notes a record.</summary>
    /// <param name="closed">When its partition was due to close, wall time in milliseconds since 1970-01-01T00:00:00Z; null when not known.</param>
    public void Add(long? closed)
    {
        if (target is not { } longest || closed is not { } due)
        {
            return;
        }

        _milliseconds += Math.Clamp((time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds - due, 0, longest.TotalMilliseconds);
        _records++;
    }

    /// <summary>The average of what was noted; begins anew.</summary>
    public TimeSpan Take()
    {
        var age = _records == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(_milliseconds / _records);
        (_milliseconds, _records) = (0, 0);
        return age;
    }
}
