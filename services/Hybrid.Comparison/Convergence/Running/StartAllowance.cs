namespace Hybrid.Comparison.Convergence.Running;

/// <summary>
/// How much time the services of a round get before its clock begins, which they have to be told when they are started: as long as those of
/// the last round took, and some more. Safe for concurrent use.
/// </summary>
/// <param name="first">A guess for the first round.</param>
internal sealed class StartAllowance(TimeSpan first)
{
    private const double Margin = 1.3;

    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(10);

    private long _ticks = first.Ticks;

    /// <summary>The time to allow.</summary>
    public TimeSpan Time => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    /// <summary>They worked after so long.</summary>
    public void Took(TimeSpan time) => Interlocked.Exchange(ref _ticks, Math.Clamp((time * Margin).Ticks, Least.Ticks, Most.Ticks));
}
