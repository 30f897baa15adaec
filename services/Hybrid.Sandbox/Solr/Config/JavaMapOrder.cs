namespace Hybrid.Sandbox.Solr.Config;

/// <summary>The order in which a Java <c>HashMap</c> gives its keys, by which Solr writes the properties of fields.</summary>
internal static class JavaMapOrder
{
    private const double LoadFactor = 0.75;

    public static IEnumerable<TItem> Sort<TItem>(IReadOnlyCollection<TItem> items, Func<TItem, string> key)
    {
        var buckets = 1;
        while (buckets < (items.Count / LoadFactor) + 1)
        {
            buckets *= 2;
        }

        return items.OrderBy(item => Spread(key(item)) & (buckets - 1));
    }

    private static int Spread(string key)
    {
        var hash = 0;
        foreach (var character in key)
        {
            hash = unchecked((hash * 31) + character);
        }

        return hash ^ (int)((uint)hash >> 16);
    }
}
