using Hybrid.Contracts.Partitions;

namespace Hybrid.Publisher.Discovery;

/// <summary>Tells whether a layout's prefixes sort like the times they stand for.</summary>
internal static class LayoutOrder
{
    private static readonly TimeSpan[] s_steps =
    [
        TimeSpan.FromSeconds(9), TimeSpan.FromMinutes(9), TimeSpan.FromHours(9), TimeSpan.FromDays(9), TimeSpan.FromDays(40), TimeSpan.FromDays(300), TimeSpan.FromDays(700),
    ];

    /// <summary>Tries dates on both sides of every carry: of seconds, minutes, hours, days, months and years.</summary>
    public static bool SortsLikeTime(PartitionLayout layout)
    {
        var start = new DateTimeOffset(2008, 9, 8, 7, 6, 5, TimeSpan.Zero);
        var prefixes = s_steps
            .SelectMany(step => Enumerable.Range(0, 12).Select(times => PartitionId.Containing(start + (times * step), layout.Period)))
            .Distinct()
            .Order()
            .Select(layout.Prefix)
            .ToArray();
        return prefixes.SequenceEqual(prefixes.Order(StringComparer.Ordinal));
    }
}
