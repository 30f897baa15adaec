using Hybrid.Comparison.Cost;
using Hybrid.Comparison.Reporting.Changes;

namespace Hybrid.Comparison.Reporting;

/// <summary>What a report is drawn with beside its own figures.</summary>
internal sealed record ReportOptions
{
    public required Pricing Prices { get; init; }

    /// <summary>The loads, records a day, that costs are shown at.</summary>
    public IReadOnlyList<double> EventsPerDay { get; init; } = [1e6, 1e8, 5e9];

    public TimeSpan PartitionPeriod { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What moved since another report; null when it is not set against one.</summary>
    public ReportChanges? Changes { get; init; }

    /// <summary>The example prices, three loads, no other report.</summary>
    public static ReportOptions Standard() => new() { Prices = PricingFile.Examples() };
}
