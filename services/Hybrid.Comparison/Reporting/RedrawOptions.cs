namespace Hybrid.Comparison.Reporting;

/// <summary>What <c>hybrid report</c> draws, and with what.</summary>
public sealed record RedrawOptions
{
    /// <summary>A report.json, or the directory that holds it.</summary>
    public required string Report { get; init; }

    /// <summary>Where the files go; null for beside the report.</summary>
    public string? Out { get; init; }

    /// <summary>An older report to set it against; null for none.</summary>
    public string? Compare { get; init; }

    /// <summary>A file of prices; null for the examples that travel with the program.</summary>
    public string? Pricing { get; init; }

    /// <summary>The load that costs are shown at, records a day, above 0; null for three loads of different sizes.</summary>
    public double? EventsPerDay { get; init; }

    /// <summary>The length of a partition at that load, above 0.</summary>
    public TimeSpan PartitionPeriod { get; init; } = TimeSpan.FromMinutes(5);
}
