namespace Hybrid.Comparison.Projection;

/// <summary>What <c>hybrid project</c> is asked.</summary>
public sealed record ProjectOptions
{
    /// <summary>A report.json, or the directory that holds it; null when none was given.</summary>
    public string? Report { get; init; }

    /// <summary>Records a day, above 0.</summary>
    public required double EventsPerDay { get; init; }

    /// <summary>The length of a partition, above 0.</summary>
    public TimeSpan PartitionPeriod { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Documents in the index, from 0.</summary>
    public double Documents { get; init; }

    /// <summary>The p99 freshness to size for; null to size for the rate alone.</summary>
    public TimeSpan? Freshness { get; init; }

    /// <summary>A file of prices; null for the examples that travel with the program.</summary>
    public string? Pricing { get; init; }

    /// <summary>Whether the answer is for a machine.</summary>
    public bool Json { get; init; }
}
