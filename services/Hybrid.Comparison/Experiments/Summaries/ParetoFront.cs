using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Experiments.Summaries;

/// <summary>The points that no other beats in both freshness and cost.</summary>
internal static class ParetoFront
{
    /// <summary>Marks each point that has both figures.</summary>
    public static IReadOnlyList<PointSummary> Mark(IReadOnlyList<PointSummary> points) =>
        [.. points.Select(point => Place(point) is { } place ? point with { OnFront = !points.Any(other => Place(other) is { } rival && Beats(rival, place)) } : point)];

    private static (double Freshness, double Cost)? Place(PointSummary point) =>
        point.Figures.TryGetValue(FigureNames.FreshnessP99, out var freshness) && point.Figures.TryGetValue(FigureNames.CoreSecondsPerMillion, out var cost)
            ? (freshness.Mean, cost.Mean)
            : null;

    private static bool Beats((double Freshness, double Cost) rival, (double Freshness, double Cost) place) =>
        rival.Freshness <= place.Freshness && rival.Cost <= place.Cost && rival != place;
}
