using System.Globalization;
using System.Text;

namespace Hybrid.Pipeline.Lanes;

/// <summary>A batch's name: its ranges of offsets by partition, such as <c>0:17-42,3:5-5</c>. The same records give the same name.</summary>
public static class BatchId
{
    /// <summary>Names a batch.</summary>
    /// <param name="records">Its records, in any order.</param>
    public static string Of(IReadOnlyList<LaneRecord> records)
    {
        var ranges = new SortedDictionary<int, (long First, long Last)>();
        foreach (var record in records)
        {
            ranges[record.Partition] = ranges.TryGetValue(record.Partition, out var range)
                ? (Math.Min(range.First, record.Offset), Math.Max(range.Last, record.Offset))
                : (record.Offset, record.Offset);
        }

        var name = new StringBuilder();
        foreach (var (partition, (first, last)) in ranges)
        {
            name.Append(CultureInfo.InvariantCulture, $"{(name.Length == 0 ? "" : ",")}{partition}:{first}-{last}");
        }

        return name.ToString();
    }
}
