using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Observer;

/// <summary>Reduces a timeline of a value that stays as it is for long to the points at which it changed.</summary>
internal static class Changes
{
    /// <summary>The first point, every change, and the last point; null when the value never changed.</summary>
    /// <param name="timeline">The value over time.</param>
    public static IReadOnlyList<CurvePoint>? Of(IReadOnlyList<CurvePoint> timeline)
    {
        var changes = new List<CurvePoint>();
        foreach (var point in timeline)
        {
            if (changes.Count == 0 || point.Y != changes[^1].Y)
            {
                changes.Add(point);
            }
        }

        if (changes.Count < 2)
        {
            return null;
        }

        if (changes[^1] != timeline[^1])
        {
            changes.Add(timeline[^1]);
        }

        return Distributions.Thin(changes);
    }
}
