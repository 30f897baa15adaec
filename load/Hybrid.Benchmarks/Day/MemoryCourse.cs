using Hybrid.Benchmarks.Chain;
using Hybrid.Contracts.Measurement;

namespace Hybrid.Benchmarks.Day;

/// <summary>How one kind of memory went over the day.</summary>
/// <param name="Name">Which.</param>
/// <param name="Quarters">Bytes in each quarter of the day.</param>
/// <param name="Slack">Growth in bytes that tells nothing: what runtimes do of themselves.</param>
internal sealed record MemoryCourse(string Name, long[] Quarters, long Slack)
{
    /// <summary>How much more than the second quarter's the last one's may be and still count as flat.</summary>
    public const double Flat = 1.15;

    private const long Mebibyte = 1024 * 1024;

    public double Ratio => (double)Quarters[^1] / Quarters[1];

    public bool IsFlat => Ratio <= Flat || Quarters[^1] - Quarters[1] <= Slack;

    /// <summary>The courses of a service's memory.</summary>
    /// <param name="quarters">What it said of itself, each quarter's.</param>
    public static MemoryCourse[] Of(IReadOnlyList<IReadOnlyList<ServiceStatus>> quarters) =>
    [
        new("resident, median", [.. quarters.Select(quarter => Median(quarter, status => status.MemoryBytes ?? 0))], 8 * Mebibyte),

        new("managed and alive, median", [.. quarters.Select(quarter => Median(quarter, status => status.ManagedHeapBytes ?? 0))], Mebibyte / 2),
        new("native (resident less managed), median", [.. quarters.Select(quarter => Median(quarter, Native))], 8 * Mebibyte),
    ];

    private static long Native(ServiceStatus status) => (status.MemoryBytes ?? 0) - (status.ManagedCommittedBytes ?? 0);

    private static long Median(IReadOnlyList<ServiceStatus> quarter, Func<ServiceStatus, long> bytes) =>
        (long)ChainTable.Median(quarter.Select(status => (double)bytes(status)));
}
