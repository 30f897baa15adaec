namespace Hybrid.Comparison.Experiments;

/// <summary>
/// How much time services get to start before the first partition is due. It follows what was seen on this machine, since the schedule
/// has to be known before they start.
/// </summary>
internal sealed class StartUpAllowance
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1.2);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    /// <summary>Begins with a guess.</summary>
    /// <param name="sandbox">How long the sandbox took to start; zero when there is none.</param>
    public StartUpAllowance(TimeSpan sandbox) => Allowance = sandbox == TimeSpan.Zero ? TimeSpan.FromSeconds(5) : Within(sandbox * 4);

    /// <summary>The time to allow.</summary>
    public TimeSpan Allowance { get; private set; }

    /// <summary>Both services were ready after so long.</summary>
    public void Took(TimeSpan time) => Allowance = Within((time * 1.5) + TimeSpan.FromSeconds(0.5));

    /// <summary>They were not ready in time.</summary>
    public void TookTooLong() => Allowance = Within(Allowance * 2);

    private static TimeSpan Within(TimeSpan time) => time < Least ? Least : time > Most ? Most : time;
}
