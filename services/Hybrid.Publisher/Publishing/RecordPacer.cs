namespace Hybrid.Publisher.Publishing;

/// <summary>Holds a rate of records: what is sent at once is waited for afterwards. Without a rate it never waits.</summary>
internal sealed class RecordPacer(int? perSecond, TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();
    private TimeSpan _free;

    /// <summary>Takes the time of records that were sent.</summary>
    public async ValueTask TakeAsync(long records, CancellationToken cancellationToken)
    {
        if (perSecond is not { } rate || records == 0)
        {
            return;
        }

        // By the monotonic clock: one that is set back must not make it wait until it has caught up.
        var now = time.GetElapsedTime(_began);
        _free = (_free > now ? _free : now) + TimeSpan.FromSeconds((double)records / rate);
        await Task.Delay(_free - now, time, cancellationToken).ConfigureAwait(false);
    }
}
