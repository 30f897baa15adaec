namespace Hybrid.Lanes.MicroBatch;

/// <summary>
/// Finds the longest interval at which records become searchable within a target. A batch's oldest record waits for the interval and then
/// for the write, and the write takes the longer, the more the interval has gathered. So the interval is scaled by what the two together may
/// take over what they took: at a steady load that closes in on the answer from one side and stays there. Shrinks at once and
/// grows step by step, so that a stall costs some small batches and not the target. Pure: the same batches give the same intervals.
/// </summary>
internal sealed class AdaptiveInterval
{
    /// <summary>The share of the target that is aimed at; the rest is for jitter.</summary>
    public const double SetPoint = 0.9;

    /// <summary>By how much the interval grows from one batch to the next at most.</summary>
    public const double Growth = 1.25;

    /// <summary>Changes by a smaller share than this are not made.</summary>
    public const double DeadBand = 0.05;

    private readonly TimeSpan _target;
    private readonly TimeSpan _visibility;
    private readonly TimeSpan _shortest;

    /// <param name="target">From when a record's partition was due to close to the record searchable.</param>
    /// <param name="visibility">From acknowledged to searchable, which is Solr's and not the lane's.</param>
    /// <param name="first">The interval to begin with.</param>
    /// <param name="shortest">The shortest interval, however far the target.</param>
    public AdaptiveInterval(TimeSpan target, TimeSpan visibility, TimeSpan first, TimeSpan shortest)
    {
        _target = target;
        _visibility = visibility;
        _shortest = shortest;
        Current = Clamp(first, Longest);
    }

    /// <summary>The interval now.</summary>
    public TimeSpan Current { get; private set; }

    private TimeSpan Longest => (_target * SetPoint) - _visibility;

    /// <summary>Takes in how a batch fared.</summary>
    /// <param name="batch">The batch.</param>
    public void Observe(BatchTimes batch)
    {
        // A batch that was full before its interval was over says nothing about the interval.
        if (batch.Trigger != BatchTrigger.Interval)
        {
            return;
        }

        var budget = Longest - Shorter(batch.Upstream, _target);
        var took = batch.Gathering + batch.Writing;
        var next = budget <= TimeSpan.Zero ? TimeSpan.Zero : batch.Gathering * (budget / took);
        next = Clamp(Shorter(next, Current * Growth), budget);
        if (Math.Abs((next / Current) - 1) >= DeadBand)
        {
            Current = next;
        }
    }

    private TimeSpan Clamp(TimeSpan interval, TimeSpan longest) => interval > longest ? Longer(longest, _shortest) : Longer(interval, _shortest);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}

/// <summary>How a batch fared.</summary>
/// <param name="Trigger">Why it was written.</param>
/// <param name="Upstream">How old its records were when they were taken, on average, from when their partition was due to close; zero when not known.</param>
/// <param name="Gathering">From its first record taken until it was given to the writer.</param>
/// <param name="Writing">From there until it was acknowledged.</param>
internal readonly record struct BatchTimes(BatchTrigger Trigger, TimeSpan Upstream, TimeSpan Gathering, TimeSpan Writing);
