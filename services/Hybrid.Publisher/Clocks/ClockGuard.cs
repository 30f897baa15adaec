namespace Hybrid.Publisher.Clocks;

/// <summary>
/// Makes one time that can be trusted of three clocks that can each be wrong: the machine's, which may jump; the object store's, which may be
/// wrong too; and the monotonic one, which only tells how long ago those two agreed. Two that agree win, else the least. Small slews pass. The
/// time never goes back but when the store is heard first: where it would, it stands still. A pure function of what it is told; not for
/// concurrent use.
/// </summary>
/// <remarks>
/// Once the store was heard, and as long as its clock is right, the time is never ahead of it by more than twice the tolerance: an object
/// that lands in time for its partition is then found within the overlap window, whatever the machine's clock does.
/// </remarks>
/// <param name="tolerance">How far apart clocks may be that agree.</param>
internal sealed class ClockGuard(TimeSpan tolerance)
{
    private (DateTimeOffset Time, TimeSpan Monotonic)? _anchor;
    private DateTimeOffset _last = DateTimeOffset.MinValue;
    private bool _heard;
    private bool _proven;

    /// <summary>Takes one look at the clocks.</summary>
    /// <param name="machine">What the machine's clock says.</param>
    /// <param name="monotonic">What the monotonic clock says, from any begin; never less than before.</param>
    /// <param name="store">What the object store's clock says; null when it is not known.</param>
    public ClockReading Read(DateTimeOffset machine, TimeSpan monotonic, DateTimeOffset? store)
    {
        var anchor = _anchor ??= (machine, monotonic);
        var steady = anchor.Time + (monotonic - anchor.Monotonic);
        var now = Choose(machine, steady, store);
        if (store is null ? !_proven && Agree(machine, steady) : Agree(machine, store.Value))
        {
            (_anchor, _proven) = ((machine, monotonic), store is not null);
        }

        // What the machine's clock said alone does not bind once the store is heard.
        _last = now > _last || (store is not null && !_heard) ? now : _last;
        _heard |= store is not null;
        return new ClockReading(_last, machine, steady, store, tolerance);
    }

    private DateTimeOffset Choose(DateTimeOffset machine, DateTimeOffset steady, DateTimeOffset? store)
    {
        if (store is not { } said)
        {
            return Agree(machine, steady) ? machine : Least(machine, steady);
        }

        // The monotonic clock is a witness of its own only if what it goes on from was the store's time too.
        return Agree(machine, said) || (_proven && Agree(machine, steady)) ? machine
            : _proven && Agree(steady, said) ? steady
            : Least(machine, Least(steady, said));
    }

    private bool Agree(DateTimeOffset one, DateTimeOffset other) => (one - other).Duration() <= tolerance;

    private static DateTimeOffset Least(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
