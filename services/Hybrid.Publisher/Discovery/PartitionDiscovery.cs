using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Publisher.Discovery;

/// <summary>
/// Finds the objects of partitions. Where the layout sorts like time, which the usual ones do, a whole window is one range of keys and costs
/// one request for each thousand objects in it; otherwise each partition is listed by itself.
/// </summary>
internal sealed class PartitionDiscovery(IObjectStore store, PartitionLayout layout)
{
    /// <summary>Lists partitions.</summary>
    /// <param name="window">Which, in the order of time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The objects of each partition that has some, in the order of their keys.</returns>
    public async Task<Dictionary<PartitionId, List<ObjectEntry>>> ListAsync(IReadOnlyList<PartitionId> window, CancellationToken cancellationToken)
    {
        var found = new Dictionary<PartitionId, List<ObjectEntry>>();
        if (window.Count == 0)
        {
            return found;
        }

        var prefixes = window.Select(layout.Prefix).ToArray();
        if (IsSorted(prefixes))
        {
            var wanted = window.ToHashSet();
            await foreach (var entry in RangeAsync(prefixes[0], prefixes[^1], cancellationToken).ConfigureAwait(false))
            {
                if (IsData(entry) && layout.TryParse(entry.Key, out var partition) && wanted.Contains(partition))
                {
                    Add(found, partition, entry);
                }
            }

            return found;
        }

        foreach (var (partition, prefix) in window.Zip(prefixes))
        {
            await foreach (var entry in store.ListAsync(prefix, null, cancellationToken).ConfigureAwait(false))
            {
                if (IsData(entry))
                {
                    Add(found, partition, entry);
                }
            }
        }

        return found;
    }

    /// <summary>Finds the earliest partition that has an object; null when none has.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PartitionId?> FindEarliestAsync(CancellationToken cancellationToken)
    {
        var root = layout.Template[..layout.Template.IndexOf('{')];
        var sorted = LayoutOrder.SortsLikeTime(layout);
        PartitionId? earliest = null;
        await foreach (var entry in store.ListAsync(root, null, cancellationToken).ConfigureAwait(false))
        {
            if (IsData(entry) && layout.TryParse(entry.Key, out var partition) && !(partition.CompareTo(earliest ?? partition) > 0))
            {
                earliest = partition;
                if (sorted)
                {
                    break;
                }
            }
        }

        return earliest;
    }

    private async IAsyncEnumerable<ObjectEntry> RangeAsync(
        string first, string last, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
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

    /// <summary>Markers such as <c>_SUCCESS</c>, hidden files and directories' placeholders hold no lines.</summary>
    private static bool IsData(ObjectEntry entry)
    {
        var name = entry.Key.AsSpan(entry.Key.LastIndexOf('/') + 1);
        return name.Length > 0 && name[0] is not ('_' or '.');
    }

    private static bool IsSorted(string[] prefixes)
    {
        for (var i = 1; i < prefixes.Length; i++)
        {
            if (string.CompareOrdinal(prefixes[i - 1], prefixes[i]) >= 0)
            {
                return false;
            }
        }

        return true;
    }

    private static void Add(Dictionary<PartitionId, List<ObjectEntry>> found, PartitionId partition, ObjectEntry entry)
    {
        if (!found.TryGetValue(partition, out var entries))
        {
            found.Add(partition, entries = []);
        }

        entries.Add(entry);
    }
}
