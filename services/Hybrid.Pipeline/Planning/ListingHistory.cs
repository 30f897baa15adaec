using System.Collections.Immutable;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Discovery;

namespace Hybrid.Pipeline.Planning;

/// <summary>
/// For how many listings in a row each partition that is not done yet has looked the same. It begins anew with every start of the publisher,
/// which delays a partition but never publishes one too soon.
/// </summary>
internal sealed record ListingHistory
{
    public static readonly ListingHistory Empty = new();

    private ImmutableDictionary<PartitionId, Look> Looks { get; init; } = ImmutableDictionary<PartitionId, Look>.Empty;

    /// <summary>In how many listings in a row the partition looked as it does now; 0 when it was never listed.</summary>
    public int Unchanged(PartitionId partition) => Looks.TryGetValue(partition, out var look) ? look.Times : 0;

    /// <summary>The history with one more listing.</summary>
    /// <param name="listing">The listing.</param>
    /// <param name="from">Partitions before this are done and forgotten, event time.</param>
    /// <param name="wallNow">When it began.</param>
    /// <param name="spacing">A listing sooner than this after the last that counted tells nothing new of a partition that looks the same.</param>
    public ListingHistory With(Listing listing, DateTimeOffset from, DateTimeOffset wallNow, TimeSpan spacing)
    {
        var looks = ImmutableDictionary.CreateBuilder<PartitionId, Look>();
        foreach (var partition in listing.Window.Where(partition => partition.Start >= from))
        {
            var print = Fingerprint(listing.Of(partition));
            looks[partition] = !Looks.TryGetValue(partition, out var before) || before.Fingerprint != print ? new Look(print, 1, wallNow)
                : wallNow - before.At >= spacing ? new Look(print, before.Times + 1, wallNow)
                : before;
        }

        return new ListingHistory { Looks = looks.ToImmutable() };
    }

    private static int Fingerprint(ListedPartition listed)
    {
        var hash = new HashCode();
        foreach (var entry in listed.Objects)
        {
            hash.Add(entry.Key);
            hash.Add(entry.ETag);
        }

        return hash.ToHashCode();
    }

    private readonly record struct Look(int Fingerprint, int Times, DateTimeOffset At);
}
