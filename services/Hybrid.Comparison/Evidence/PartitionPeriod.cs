using System.Globalization;
using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Evidence;

/// <summary>The length of an input's partitions, by their names; where partitions are missing in between it comes out longer.</summary>
internal static class PartitionPeriod
{
    private const double Usual = 300;

    public static double Seconds(InputInfo input) =>
        input.Partitions > 1 && Parse(input.FirstPartition) is { } first && Parse(input.LastPartition) is { } last && last > first
            ? (last - first).TotalSeconds / (input.Partitions - 1)
            : Usual;

    private static DateTimeOffset? Parse(string name) =>
        DateTimeOffset.TryParse(name, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
