using Hybrid.Comparison.Cost;
using Hybrid.Comparison.Reporting.Changes;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Reporting;

/// <summary>What a report is drawn with beside its own figures.</summary>
internal sealed record ReportOptions
{
    private const double MostEvents = 1e15;

    public required Pricing Prices { get; init; }

    /// <summary>The loads, records a day, that costs are shown at.</summary>
    public IReadOnlyList<double> EventsPerDay { get; init; } = [1e6, 1e8, 5e9];

    public TimeSpan PartitionPeriod { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What moved since another report; null when it is not set against one.</summary>
    public ReportChanges? Changes { get; init; }

    /// <summary>The user's prices and load.</summary>
    /// <param name="pricing">A file of prices; null for the examples.</param>
    /// <param name="eventsPerDay">Records a day; null for three loads.</param>
    /// <param name="partitionPeriod">The length of a partition at that load.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HybridException">The load is none, or the prices cannot be read.</exception>
    public static async Task<ReportOptions> ReadAsync(string? pricing, double? eventsPerDay, TimeSpan partitionPeriod, CancellationToken cancellationToken)
    {
        if (eventsPerDay is { } events && !(events is > 0 and <= MostEvents) || partitionPeriod <= TimeSpan.Zero)
        {
            throw HybridException.WrongCall("--events-per-day and --partition-period are above 0: correct the one that is not");
        }

        var options = Standard() with { Prices = await PricingFile.ReadAsync(pricing, cancellationToken).ConfigureAwait(false), PartitionPeriod = partitionPeriod };
        return eventsPerDay is { } volume ? options with { EventsPerDay = [volume] } : options;
    }

    /// <summary>The example prices, three loads, no other report.</summary>
    public static ReportOptions Standard() => new() { Prices = PricingFile.Examples() };
}
