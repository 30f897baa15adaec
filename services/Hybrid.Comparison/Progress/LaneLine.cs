using System.Globalization;

namespace Hybrid.Comparison.Progress;

/// <summary>A lane's progress in one line.</summary>
internal static class LaneLine
{
    /// <summary>The line.</summary>
    public static string Of(LaneProgress lane)
    {
        var records = lane.Records is { } taken ? string.Create(CultureInfo.InvariantCulture, $", {taken:N0} records") : "";
        var lag = lane.Lag is { } behind ? string.Create(CultureInfo.InvariantCulture, $", lag {behind:N0}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{lane.Lane}: {lane.Due} of {lane.Periods} due{records}{lag}, seen {lane.Seen} of {lane.Canaries}");
    }
}
