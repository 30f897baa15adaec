using System.Globalization;
using Hybrid.Comparison.Reporting.Charts;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Reporting.Html;

/// <summary>Freshness as a distribution and by stage.</summary>
internal static class FreshnessSection
{
    private static readonly (string Stage, string Meaning)[] s_stages =
    [
        ("landed", "the object is in the store"),
        ("discovered", "the publisher has found it"),
        ("published", "its records are in Kafka"),
        ("consumed", "the lane has them"),
        ("posted", "the lane has sent them to Solr"),
        ("acknowledged", "Solr has acknowledged them"),
        ("searchable", "a search from outside finds them"),
    ];

    public static string Render(ComparisonReport report)
    {
        var experiment = Findings.Of(report, ExperimentKinds.Freshness);
        if (experiment is null && report.Lanes.Count == 0)
        {
            return "";
        }

        var stages = experiment is { Summaries.Count: > 0 }
            ? experiment.Summaries.Select(summary => new LaneStages(
                Findings.NameOf(summary), summary.Stages, [.. experiment.Runs.Where(run => summary.Runs.Contains(run.Id)).Select(run => run.Stages)])).ToArray()
            : report.Lanes.Select(lane => new LaneStages(lane.Name, lane.Stages, [])).ToArray();
        return (experiment is null ? "" : Findings.Render(experiment))
            + Html.Note("From the time a partition was due to close until a search from outside finds its record. The schedule is the start, not the arrival, so a late generator flatters nobody.")
            + Distribution(report) + Steps(stages) + Table(stages) + IntervalChart.Render(report) + Lag(report);
    }

    private static string Distribution(ComparisonReport report) => new LineChart
    {
        Title = "Share of records searchable within a time",
        X = new Axis("time after the partition was due, logarithmic", value => Figures.Axis(value), Logarithmic: true),
        Y = new Axis("share of records", value => value.ToString("P0", CultureInfo.InvariantCulture)),
        Steps = true,
        Series = [.. report.Lanes.Select(lane => new Series(lane.Name, lane.FreshnessCurve))],
        Note = "Read along a line of equal share: the lane further left is fresher. Canary records seen by the observer, every lane on the same schedule.",
    }.Render();

    private static string Steps(IReadOnlyList<LaneStages> lanes) => new BarChart
    {
        Title = "Where the median record spends its time",
        Axis = new Axis("time since due, median of each stage", value => Figures.Axis(value)),
        Parts = [.. s_stages.Select(stage => $"until {stage.Stage}")],
        Bars = [.. lanes.Select(lane => new Bar(lane.Name, Increments(lane.Stages), Figures.Seconds(lane.Stages.GetValueOrDefault("searchable")?.P50)))],
    }.Render();

    private static string Table(IReadOnlyList<LaneStages> lanes)
    {
        var table = new HtmlTable().Words("stage, p50 / p99", Definitions.Stage);
        foreach (var lane in lanes)
        {
            table.Figure(lane.Name);
        }

        foreach (var (stage, meaning) in s_stages)
        {
            table.Row([$"{stage}<small>{meaning}</small>", .. lanes.Select(lane => Cell(lane, stage))]);
        }

        return table.Render() + (lanes.Any(lane => lane.Runs.Count > 1) ? Html.Note("Of all repetitions' samples together; beneath each, the lowest and the highest of the repetitions.") : "");
    }

    private static string Lag(ComparisonReport report) => new LineChart
    {
        Title = "Records in Kafka that the lane had not committed, over the run",
        X = new Axis("seconds since the first partition was due", Figures.Tick),
        Y = new Axis("records", Figures.LargeTick),
        Series = [.. report.Lanes.Select(lane => new Series(lane.Name, lane.Throughput.Lag))],
    }.Render();

    private static string Cell(LaneStages lane, string stage)
    {
        if (lane.Stages.GetValueOrDefault(stage) is not { } figures)
        {
            return Figures.NotMeasured;
        }

        var runs = lane.Runs.Select(run => run.GetValueOrDefault(stage)).OfType<Distribution>().ToArray();
        var spread = runs.Length switch
        {
            0 => "",
            1 => "<small>one run</small>",
            _ => $"<small>{Range(runs, run => run.P50)} / {Range(runs, run => run.P99)}</small>",
        };
        return $"{Html.Text(Figures.Seconds(figures.P50))} / {Html.Text(Figures.Seconds(figures.P99))}{spread}";
    }

    private static string Range(IReadOnlyCollection<Distribution> runs, Func<Distribution, double> figure) =>
        Html.Text($"{Figures.Seconds(runs.Min(figure))} to {Figures.Seconds(runs.Max(figure))}");

    /// <summary>Each stage's median beyond the one before it: medians of two stages are of the same records, but need not be of the same record.</summary>
    private static double[] Increments(IReadOnlyDictionary<string, Distribution> stages)
    {
        var reached = 0.0;
        var parts = new double[s_stages.Length];
        for (var i = 0; i < s_stages.Length; i++)
        {
            if (stages.TryGetValue(s_stages[i].Stage, out var figures))
            {
                parts[i] = Math.Max(0, figures.P50 - reached);
                reached = Math.Max(reached, figures.P50);
            }
        }

        return reached > 0 ? parts : [];
    }

    /// <summary>A lane's stages: of all its repetitions together, and of each.</summary>
    private sealed record LaneStages(string Name, IReadOnlyDictionary<string, Distribution> Stages, IReadOnlyList<IReadOnlyDictionary<string, Distribution>> Runs);
}
