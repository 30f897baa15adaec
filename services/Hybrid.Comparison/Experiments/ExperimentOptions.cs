namespace Hybrid.Comparison.Experiments;

/// <summary>Which experiments a comparison makes, and how often.</summary>
public sealed record ExperimentOptions
{
    /// <summary>Kinds, comma-separated, or a JSON file with settings; null for those of the profile.</summary>
    public string? Experiments { get; init; }

    /// <summary><c>quick</c> (four minutes), <c>standard</c> (twenty) or <c>full</c> (as long as it takes); null for standard.</summary>
    public string? Profile { get; init; }

    /// <summary>How often each point is run, from 1 to 100; null for the profile's.</summary>
    public int? Repeat { get; init; }

    /// <summary>What the order of the runs and generated input follow from; null for the profile's.</summary>
    public long? Seed { get; init; }

    /// <summary>Whether the lanes of the freshness experiment run at the same time instead of one after the other.</summary>
    public bool Race { get; init; }
}
