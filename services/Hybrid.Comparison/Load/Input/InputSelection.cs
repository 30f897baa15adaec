using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Load.Input;

/// <summary>The part of an input that is replayed, as its listing shows it.</summary>
/// <param name="Layout">How partitions are named.</param>
/// <param name="Partitions">The partitions in order, with their objects.</param>
/// <param name="Delays">How long after its partition's end an object arrives, event time, by key; absent for an object on time.</param>
/// <param name="Seed">The generator's seed; null when it was not generated.</param>
/// <param name="ExpectedLines">The lines that whoever made the input counted in it; null when nobody did or only a part is selected.</param>
internal sealed record InputSelection(
    PartitionLayout Layout,
    IReadOnlyList<KeyValuePair<PartitionId, IReadOnlyList<InputEntry>>> Partitions,
    IReadOnlyDictionary<string, TimeSpan> Delays,
    long? Seed,
    long? ExpectedLines)
{
    /// <summary>How late an object is.</summary>
    public TimeSpan DelayOf(string key) => Delays.GetValueOrDefault(key);

    /// <summary>Selects partitions.</summary>
    /// <param name="entries">All objects of the input.</param>
    /// <param name="layout">How partitions are named.</param>
    /// <param name="range">Which partitions.</param>
    /// <exception cref="HybridException">None is left, or the period is not the source's.</exception>
    public static IReadOnlyList<KeyValuePair<PartitionId, IReadOnlyList<InputEntry>>> Select(
        IEnumerable<InputEntry> entries, PartitionLayout layout, InputRange range)
    {
        var partitions = new SortedDictionary<PartitionId, List<InputEntry>>();
        foreach (var entry in entries)
        {
            var match = layout.Match(entry.Key, out var partition);
            if (match == LayoutMatch.BetweenPartitions)
            {
                throw HybridException.WrongCall(
                    $"the object {entry.Key} begins within a partition of {layout.Period}, which has to be a multiple of the source's own: correct --period or --layout");
            }

            if (match == LayoutMatch.Partition)
            {
                if (!partitions.TryGetValue(partition, out var objects))
                {
                    partitions[partition] = objects = [];
                }

                objects.Add(entry);
            }
        }

        var all = partitions.Count;
        var selected = partitions
            .Where(pair => (range.From is not { } from || pair.Key.Start >= from) && (range.To is not { } to || pair.Key.Start < to))
            .Take(range.MaxPartitions ?? int.MaxValue)
            .Select(pair => KeyValuePair.Create(pair.Key, (IReadOnlyList<InputEntry>)pair.Value))
            .ToList();
        return selected.Count > 0
            ? selected
            : throw HybridException.WrongCall(
                $"none of the input's {all} partitions is selected: it reaches from {partitions.Keys.First()} to {partitions.Keys.Last()}; correct --from and --to");
    }
}

/// <summary>Which partitions to replay.</summary>
/// <param name="From">The first start; null for all.</param>
/// <param name="To">The start to stop before; null for all.</param>
/// <param name="MaxPartitions">Partitions with objects at most; null for all.</param>
internal readonly record struct InputRange(DateTimeOffset? From, DateTimeOffset? To, int? MaxPartitions);
