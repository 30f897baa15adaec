using System.Globalization;

namespace Hybrid.Publisher.Clocks;

/// <summary>What the clocks said at one moment, wall time, and what the publisher made of it.</summary>
/// <param name="Now">The time that the publisher goes by.</param>
/// <param name="Machine">This machine's clock.</param>
/// <param name="Steady">What the monotonic clock makes of the time when the clocks agreed last.</param>
/// <param name="Store">The object store's clock; null when it has not said the time yet.</param>
/// <param name="Tolerance">How far apart they may be.</param>
internal readonly record struct ClockReading(
    DateTimeOffset Now, DateTimeOffset Machine, DateTimeOffset Steady, DateTimeOffset? Store, TimeSpan Tolerance)
{
    /// <summary>How far the machine's clock or the store's, whichever is farther, is from the time that the publisher goes by.</summary>
    public TimeSpan Disagreement
    {
        get
        {
            var machine = (Machine - Now).Duration();
            var store = Store is { } said ? (said - Now).Duration() : TimeSpan.Zero;
            return machine > store ? machine : store;
        }
    }

    /// <summary>Whether somebody has to look after a clock.</summary>
    public bool Disagrees => Disagreement > Tolerance;

    /// <summary>What is wrong and what is done about it, one line.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"the clocks disagree by {Disagreement.TotalSeconds:0} s: this machine's says {Machine:u}, the object store's {(Store is { } store ? store.ToString("u", CultureInfo.InvariantCulture) : "nothing")}, the monotonic one {Steady:u}; publishing goes on by {Now:u}, so that no partition is taken to be over too soon: correct the clock that is wrong");
}
