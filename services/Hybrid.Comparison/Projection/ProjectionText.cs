using System.Globalization;
using Hybrid.Comparison.Reporting;
using Spectre.Console;

namespace Hybrid.Comparison.Projection;

/// <summary>Prints projections on the terminal.</summary>
internal static class ProjectionText
{
    public static void Write(ProjectionAnswer answer, IAnsiConsole console)
    {
        console.WriteLine($"Projected from measured runs to {Figures.Large(answer.EventsPerDay)} events a day: {Figures.Rate(answer.EventsPerDay / 86_400)}, {Figures.Large(answer.RecordsPerPartition)} records in a partition of {Figures.Axis(answer.PartitionSeconds)}"
            + (answer.Documents > 0 ? $", {Figures.Large(answer.Documents)} documents" : "")
            + (answer.FreshnessTargetSeconds is { } target ? $", sized for a freshness within {Figures.Seconds(target)} at p99." : ", sized for the rate."));
        if (answer.Lanes.Count > 0)
        {
            console.Write(TableOf(answer));
        }

        console.WriteLine("Error of the model, by leaving each run out in turn and predicting it from the others:");
        foreach (var lane in answer.Lanes)
        {
            console.WriteLine(lane.Error is { } error
                ? string.Create(CultureInfo.InvariantCulture, $"  - {lane.Lane}: p99 freshness off by ×{error.FreshnessP99:0.00} as a rule and ×{error.WorstFreshnessP99:0.00} at worst, core-seconds by ×{error.CoreSeconds:0.00} and ×{error.WorstCoreSeconds:0.00} ({error.Runs} runs)")
                : $"  - {lane.Lane}: unknown, there are fewer than three runs");
        }

        console.WriteLine();
        TitledList.Write(console, "What it rests on beyond the runs:", answer.Lanes.SelectMany(lane => lane.Limits.Select(limit => $"{lane.Lane}: {limit}")));
        TitledList.Write(console, "Not projected:", answer.NotProjected);
        TitledList.Write(console, "Assumed of every lane:", answer.Assumptions);
        console.WriteLine($"Prices: {answer.Prices}. Put in what you pay with --pricing FILE.");
    }

    private static Table TableOf(ProjectionAnswer answer)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn(new TableColumn("lane"));
        foreach (var column in (string[])["freshness p50", "p99", "instances", "busy", "publishers", "Kafka partitions", "Solr shards", "a month", "at rest"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (var lane in answer.Lanes.OrderBy(lane => lane.PerMonth ?? double.MaxValue))
        {
            table.AddRow(
                new Text(lane.Point.Length == 0 ? lane.Lane : $"{lane.Lane} ({lane.Point})"),
                new Text(Figures.Seconds(lane.FreshnessP50)),
                new Text(Figures.Seconds(lane.FreshnessP99), lane.MeetsTarget switch { true => Color.Green, false => Color.Red, null => Style.Plain }),
                new Text(Figures.Count(lane.Instances)),
                new Text(lane.Utilisation.ToString("P0", CultureInfo.InvariantCulture)),
                new Text(Figures.Count(lane.Publishers)),
                new Text(Figures.Count(lane.KafkaPartitions)),
                new Text(Figures.Count(lane.SolrShards)),
                new Text(Figures.Money(lane.PerMonth, answer.Currency)),
                new Text(Figures.Money(lane.AtRestPerMonth, answer.Currency)));
        }

        return table;
    }
}
