using Hybrid.Contracts.Lanes;

namespace Hybrid.Comparison.Reporting.Charts;

/// <summary>The class that gives a lane its colour and its dash, the same in every chart.</summary>
internal static class Palette
{
    private const int Others = 6;
    private static readonly string[] s_lanes = [LaneNames.MicroBatch, LaneNames.Streaming, LaneNames.Streamiz, LaneNames.Direct, LaneNames.Batch, LaneNames.Hybrid];

    public static string Of(string name)
    {
        var index = Array.FindIndex(s_lanes, lane => name == lane || name.StartsWith(lane + " ", StringComparison.Ordinal));
        return $"lane{(index < 0 ? Others : index)}";
    }
}
