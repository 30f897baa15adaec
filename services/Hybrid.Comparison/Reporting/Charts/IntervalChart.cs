using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Reporting.Charts;

/// <summary>Draws the interval of micro-batch over the run where it moved, which it does to hold a freshness target.</summary>
internal static class IntervalChart
{
    /// <summary>The chart; nothing where no lane's interval changed.</summary>
    public static string Render(IReadOnlyList<LaneReport> lanes)
    {
        var moved = new List<Series>();
        foreach (var lane in lanes)
        {
            if (lane.Throughput.BatchInterval is { } interval)
            {
                moved.Add(new Series(lane.Name, interval));
            }
        }

        return moved.Count == 0
            ? ""
            : new LineChart
            {
                Title = "The interval at which batches were written, as it adapted to the freshness target",
                XLabel = "seconds since the first partition was due",
                YLabel = "interval",
                XFormat = Figures.Digits,
                YFormat = value => Figures.Seconds(value),
                Steps = true,
                Series = moved,
            }.Render();
    }
}
