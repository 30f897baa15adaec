using System.Globalization;
using Hybrid.Comparison.Experiments.Plans;

namespace Hybrid.Comparison.Experiments.Summaries;

/// <summary>Orders points by name as people count: <c>interval=500ms</c> before <c>interval=1500ms</c>, <c>rate=2000</c> before <c>rate=16000</c>, words before both.</summary>
internal sealed class PointOrder : IComparer<string>
{
    public static readonly PointOrder Instance = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        var (left, right) = (Words(x), Words(y));
        foreach (var (one, other) in left.Zip(right))
        {
            var (size, otherSize) = (Size(one), Size(other));
            var order = size is null && otherSize is null ? string.CompareOrdinal(one, other) : Nullable.Compare(size, otherSize);
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    private static string[] Words(string? point) => (point ?? "").Split('=', ' ');

    /// <summary>Seconds or a number; null for what is neither.</summary>
    private static double? Size(string word) =>
        Times.TryParse(word, out var time) ? time.TotalSeconds
        : double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : null;
}
