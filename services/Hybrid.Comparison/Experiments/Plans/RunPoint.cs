namespace Hybrid.Comparison.Experiments.Plans;

/// <summary>One lane with one choice of settings, to be run once or several times.</summary>
/// <param name="Lane">The lane.</param>
/// <param name="Name">The point's name in the report; empty for the lane as it is by default.</param>
internal sealed record RunPoint(string Lane, string Name)
{
    /// <summary>The name in parts, for the report.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Options of the services.</summary>
    public IReadOnlyDictionary<string, string> Services { get; init; } = new Dictionary<string, string>();

    /// <summary>When updates become searchable; null for the comparison's own.</summary>
    public string? Visibility { get; init; }

    /// <summary>Restarts to make.</summary>
    public IReadOnlyList<RestartStep> Restarts { get; init; } = [];

    /// <summary>What lane and publisher do after a restart; null when nobody is restarted.</summary>
    public string? Policy { get; init; }

    /// <summary>A fault to make.</summary>
    public FaultCase? Fault { get; init; }

    /// <summary>For how long the lane is measured at rest afterwards.</summary>
    public TimeSpan Rest { get; init; }

    /// <summary>The load, records per second; null for the comparison's own.</summary>
    public double? Rate { get; init; }
}
