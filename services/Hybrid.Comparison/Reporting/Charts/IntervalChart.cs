using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Reporting.Charts;

/// <summary>Draws the interval of micro-batch over the run where it moved, which it does to hold a freshness target.</summary>
internal static class IntervalChart
{
    /// <summary>The chart: of the lanes' own runs, and of the first run at each point of an experiment where it moved; nothing where none did.</summary>
    public static string Render(ComparisonReport report)
    {
        Series[] moved =
        [
            .. report.Lanes.Where(lane => lane.Throughput.BatchInterval is not null).Select(lane => new Series(lane.Name, lane.Throughput.BatchInterval!)),
            .. report.Experiments.SelectMany(experiment => experiment.Runs)
                .Where(run => run.Discarded is null && run.Point.Length > 0 && run.Throughput.BatchInterval is not null)
                .GroupBy(run => (run.Lane, run.Point))
                .Select(runs => new Series($"{runs.Key.Lane} {runs.Key.Point}", runs.First().Throughput.BatchInterval!)),
        ];
        return moved.Length == 0
            ? ""
            : new LineChart
            {
                Title = "The interval at which batches were written, as it adapted to the freshness target",
                X = new Axis("seconds since the first partition was due", Figures.Tick),
                Y = new Axis("interval", value => Figures.Axis(value)),
                Steps = true,
                Series = moved,
            }.Render();
    }
}
