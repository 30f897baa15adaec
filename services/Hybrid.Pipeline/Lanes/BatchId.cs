using System.Globalization;
using System.Text;
using Hybrid.Contracts.Lanes;

namespace Hybrid.Pipeline.Lanes;

/// <summary>A batch's name: its ranges of offsets by partition, such as <c>0:17-42,3:5-5</c>. The same records give the same name.</summary>
public static class BatchId
{
    /// <summary>Names a batch.</summary>
    /// <param name="places">The places of its records, in any order.</param>
    public static string Of(IEnumerable<(int Partition, long Offset)> places) => Of(Ranges(places));

    /// <summary>Names a batch.</summary>
    /// <param name="ranges">Its ranges, as <see cref="Ranges"/> gives them.</param>
    public static string Of(IReadOnlyList<OffsetRange> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        var name = new StringBuilder();
        foreach (var (partition, first, last) in ranges)
        {
            name.Append(CultureInfo.InvariantCulture, $"{(name.Length == 0 ? "" : ",")}{partition}:{first}-{last}");
        }

        return name.ToString();
    }

    /// <summary>Finds the ranges of offsets of a batch, by rising partition.</summary>
    /// <param name="places">The places of its records, in any order.</param>
    public static IReadOnlyList<OffsetRange> Ranges(IEnumerable<(int Partition, long Offset)> places)
    {
        ArgumentNullException.ThrowIfNull(places);
        var ranges = new SortedDictionary<int, (long First, long Last)>();
        foreach (var (partition, offset) in places)
        {
            ranges[partition] = ranges.TryGetValue(partition, out var range)
                ? (Math.Min(range.First, offset), Math.Max(range.Last, offset))
                : (offset, offset);
        }

        return [.. ranges.Select(range => new OffsetRange(range.Key, range.Value.First, range.Value.Last))];
    }
}
