using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Pipeline.Discovery;

/// <summary>What one look at the source showed. It may lie: an eventually consistent store hides objects, and shows them again later.</summary>
/// <param name="Window">The partitions that were looked at, in the order of time: the window asked for, or its first part when that holds many objects.</param>
/// <param name="Partitions">What they hold; a partition with nothing is missing.</param>
internal sealed record Listing(IReadOnlyList<PartitionId> Window, IReadOnlyDictionary<PartitionId, ListedPartition> Partitions)
{
    public ListedPartition Of(PartitionId partition) => Partitions.TryGetValue(partition, out var listed) ? listed : ListedPartition.Empty;
}

/// <summary>One partition of a listing.</summary>
/// <param name="layoutDepth">How many directories of a key the layout itself names; see <see cref="IsData"/>.</param>
internal sealed class ListedPartition(int layoutDepth = 0)
{
    public static readonly ListedPartition Empty = new();

    private readonly List<ObjectEntry> _objects = [];

    /// <summary>The objects that hold lines, in the order of their keys.</summary>
    public IReadOnlyList<ObjectEntry> Objects => _objects;

    /// <summary>Whether the marker of a partition that its writer has finished is there.</summary>
    public bool IsMarked { get; private set; }

    /// <summary>
    /// Adds what a listing shows under the partition's prefix. Markers such as <c>_SUCCESS</c>, hidden files and directories (what Spark and
    /// Hadoop write below <c>_temporary/</c> is not there to stay) and directories' placeholders hold no lines.
    /// </summary>
    /// <param name="entry">The object.</param>
    /// <param name="marker">The name of the marker.</param>
    public void Add(ObjectEntry entry, string marker)
    {
        var name = entry.Key.AsSpan(entry.Key.LastIndexOf('/') + 1);
        if (name.SequenceEqual(marker))
        {
            IsMarked = true;
        }
        else if (IsData(entry.Key, layoutDepth))
        {
            _objects.Add(entry);
        }
    }

    /// <summary>Whether an object is one with lines: its name and its directories begin with neither <c>_</c> nor a dot.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="layoutDepth">The first so many directories may begin with anything: they are the layout's own.</param>
    public static bool IsData(ReadOnlySpan<char> key, int layoutDepth)
    {
        var depth = 0;
        foreach (var segment in key.Split('/'))
        {
            if (depth++ >= layoutDepth && key[segment] is ['_', ..] or ['.', not '.', ..])
            {
                return false;
            }
        }

        return key.Length > 0 && key[^1] != '/';
    }
}
