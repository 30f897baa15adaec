namespace Hybrid.Pipeline.Windows;

/// <summary>Ranks the documents of the same baskets: by how often, the most frequent first, ties by id in ordinal order.</summary>
public static class RelatedRanking
{
    /// <summary>How many are kept.</summary>
    public const int Most = 5;

    /// <summary>Picks the first <see cref="Most"/>.</summary>
    /// <param name="counts">How often each document was in the same basket; at least 1 each.</param>
    public static IReadOnlyList<string> Top(IReadOnlyDictionary<string, int> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.Count == 0)
        {
            return [];
        }

        var best = new List<(string Id, int Count)>(Most + 1);
        foreach (var (id, count) in counts)
        {
            if (best.Count == Most && !IsBefore(id, count, best[^1]))
            {
                continue;
            }

            var place = best.Count;
            while (place > 0 && IsBefore(id, count, best[place - 1]))
            {
                place--;
            }

            best.Insert(place, (id, count));
            if (best.Count > Most)
            {
                best.RemoveAt(Most);
            }
        }

        return best.ConvertAll(static one => one.Id);
    }

    private static bool IsBefore(string id, int count, (string Id, int Count) other) =>
        count > other.Count || (count == other.Count && string.CompareOrdinal(id, other.Id) < 0);
}
