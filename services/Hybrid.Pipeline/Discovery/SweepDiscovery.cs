using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Pipeline.Discovery;

/// <summary>
/// Finds objects by listing the object store. The window is cut into stretches that are listed in parallel, a few at a time. Where the layout
/// sorts like time, which the usual ones do, a stretch is one range of keys and costs one request for each thousand objects in it;
/// otherwise the prefixes that cover it are listed, of whole months, days and hours where the layout has them. What a listing costs therefore depends on the window only, however much lies behind it.
/// </summary>
/// <param name="store">The object store.</param>
/// <param name="layout">Tells the partition of a key.</param>
/// <param name="settings">How it is listed.</param>
/// <param name="metrics">Listings are counted here.</param>
/// <param name="strays">Told of objects that are in no partition; null when nobody asks.</param>
internal sealed class SweepDiscovery(
    IObjectStore store, PartitionLayout layout, DiscoverySettings settings, HybridMetrics metrics, StrayObjects? strays = null) : IDiscoverySource
{
    public async Task<Listing> ListAsync(IReadOnlyList<PartitionId> window, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var found = new Dictionary<PartitionId, ListedPartition>();
        var (listed, objects, stretches) = (0, 0L, 1);
        while (listed < window.Count && (objects < settings.MaxObjects || listed < settings.AtLeastPartitions))
        {
            // The first stretch holds the overlap window and all that is due on a good day: then it is the only one.
            var starts = Enumerable.Range(0, stretches).Select(i => listed + (i * settings.StretchPartitions)).Where(start => start < window.Count);
            var lists = starts.Select(start => ListStretchAsync(
                [.. window.Skip(start).Take(settings.StretchPartitions)], cancellationToken)).ToArray();
            foreach (var (stretch, stray) in await Task.WhenAll(lists).ConfigureAwait(false))
            {
                strays?.Add(stray);
                foreach (var (partition, content) in stretch)
                {
                    found.Add(partition, content);
                    objects += content.Objects.Count;
                }
            }

            listed = Math.Min(window.Count, listed + (stretches * settings.StretchPartitions));
            stretches = settings.Parallelism;
        }

        strays?.Report();
        metrics.Listings.Add(1);
        metrics.ObjectsListed.Add(objects);
        metrics.ListingDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        return new Listing(listed == window.Count ? window : [.. window.Take(listed)], found);
    }

    public async Task<PartitionId?> FindEarliestAsync(CancellationToken cancellationToken)
    {
        var root = layout.Template[..layout.Template.IndexOf('{')];
        PartitionId? earliest = null;
        await foreach (var entry in store.ListAsync(root, null, cancellationToken).ConfigureAwait(false))
        {
            if (ListedPartition.IsData(entry.Key, layout.Depth)
                && layout.TryParse(entry.Key, out var partition) && !(partition.CompareTo(earliest ?? partition) > 0))
            {
                earliest = partition;
                if (layout.SortsLikeTime)
                {
                    break;
                }
            }
        }

        return earliest;
    }

    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => Task.Delay(atMost, cancellationToken);

    private async Task<(Dictionary<PartitionId, ListedPartition> Found, List<StrayObject> Strays)> ListStretchAsync(
        PartitionId[] stretch, CancellationToken cancellationToken)
    {
        var found = new Dictionary<PartitionId, ListedPartition>();
        var stray = new List<StrayObject>();
        if (stretch.Length == 0)
        {
            return (found, stray);
        }

        var (first, last) = (layout.Prefix(stretch[0]), layout.Prefix(stretch[^1]));
        if (!layout.SortsLikeTime || string.CompareOrdinal(first, last) > 0)
        {
            var each = new ParallelOptions { MaxDegreeOfParallelism = settings.Parallelism, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(layout.Prefixes(stretch[0].Start, stretch[^1].End), each, async (prefix, stopping) =>
            {
                await foreach (var entry in store.ListAsync(prefix, null, stopping).ConfigureAwait(false))
                {
                    lock (found)
                    {
                        Add(entry);
                    }
                }
            }).ConfigureAwait(false);
            return (found, stray);
        }

        await foreach (var entry in RangeAsync(first, last, cancellationToken).ConfigureAwait(false))
        {
            Add(entry);
        }

        return (found, stray);

        void Add(ObjectEntry entry)
        {
            var match = layout.Match(entry.Key, out var partition);
            if (match != LayoutMatch.Partition)
            {
                if (stray.Count < StrayObjects.MostALook && ListedPartition.IsData(entry.Key, layoutDepth: 0))
                {
                    stray.Add(new StrayObject(entry.Key, match));
                }
            }
            else if (partition.Start >= stretch[0].Start && partition.Start <= stretch[^1].Start)
            {
                if (!found.TryGetValue(partition, out var content))
                {
                    found.Add(partition, content = new ListedPartition(layout.Depth));
                }

                content.Add(entry, settings.Marker);
            }
        }
    }

    private async IAsyncEnumerable<ObjectEntry> RangeAsync(string first, string last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var common = first.AsSpan().CommonPrefixLength(last);
        await foreach (var entry in store.ListAsync(first[..common], first, cancellationToken).ConfigureAwait(false))
        {
            if (string.CompareOrdinal(entry.Key, last) > 0 && !entry.Key.StartsWith(last, StringComparison.Ordinal))
            {
                yield break;
            }

            yield return entry;
        }
    }
}

/// <summary>How the object store is listed.</summary>
internal sealed record DiscoverySettings
{
    /// <summary>The name of the object that says that a partition is finished, when nothing else is said.</summary>
    public const string DefaultMarker = "_SUCCESS";

    /// <summary>Requests under way at once.</summary>
    public int Parallelism { get; init; } = 8;

    /// <summary>Partitions in a stretch, which is listed by one request after the other.</summary>
    public int StretchPartitions { get; init; } = 256;

    /// <summary>Once a listing holds this many objects, the rest of the window is left to the next one: that bounds its memory.</summary>
    public int MaxObjects { get; init; } = 50_000;

    /// <summary>
    /// So many partitions of a window are looked at whatever they hold: the overlap window and the one behind it, since a look that ended before
    /// the first partition that is due would be repeated for ever.
    /// </summary>
    public int AtLeastPartitions { get; init; } = 1;

    /// <summary>The name of the object that says that a partition is finished.</summary>
    public string Marker { get; init; } = DefaultMarker;
}
