using Hybrid.Comparison.Cost;
using Hybrid.Comparison.Evidence;
using Hybrid.Comparison.Reporting.Charts;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Reporting.Html;

/// <summary>Cost in money: always-on brokers and lanes against scheduled work.</summary>
internal static class MoneySection
{
    private static readonly (BillPart Part, string Name)[] s_parts =
        [(BillPart.Lane, "lane"), (BillPart.Publisher, "publisher"), (BillPart.Kafka, "Kafka"), (BillPart.ObjectStore, "object store"), (BillPart.Solr, "Solr's indexing")];

    public static string Render(ComparisonReport report, ReportOptions options)
    {
        var lanes = Lanes(EvidenceReader.Read(report)).Where(lane => lane.Used.CoreSecondsPerMillion is not null).ToArray();
        return lanes.Length == 0 ? "" : Provenance(options.Prices) + Table(lanes, options) + Chart(lanes, options) + Missing(lanes, options);
    }

    /// <summary>Each lane once: as the cost experiment held it to the target, else as the freshness experiment ran it.</summary>
    private static IEnumerable<Observation> Lanes(MeasuredEvidence evidence) => evidence.Candidates
        .GroupBy(lane => lane.Lane)
        .Select(lane => lane.FirstOrDefault(one => one.Kind == ExperimentKinds.Cost) ?? lane.FirstOrDefault(one => one.Kind == ExperimentKinds.Freshness) ?? lane.First());

    private static string Provenance(Pricing prices) =>
        $"<p class=\"note\"><b>Prices: {Html.Text(prices.Source)}, {Html.Text(prices.Date)}, {Html.Text(prices.Currency)}.</b> {Html.Text(prices.Note ?? "")} "
        + "Draw the report again with yours: <code>hybrid report DIR --pricing FILE --events-per-day N</code>.</p>";

    private static string Table(IReadOnlyList<Observation> lanes, ReportOptions options)
    {
        var table = new HtmlTable().Words("lane").Figure("at rest, a month", Definitions.Rest);
        foreach (var volume in options.EventsPerDay)
        {
            table.Figure($"{Figures.Large(volume)} a day: a month", Definitions.Money).Figure("a million records", Definitions.Money);
        }

        foreach (var lane in lanes)
        {
            var cells = new List<string> { Html.Text(lane.Name), Html.Text(Figures.Money(Bill(lane, options, options.EventsPerDay[0]).AtRest, options.Prices.Currency)) };
            foreach (var volume in options.EventsPerDay)
            {
                cells.Add(Html.Figure(CostModel.PerMonth(lane, Load(options, volume), options.Prices), amount => Figures.Money(amount, options.Prices.Currency)));
                cells.Add(Html.Text(Figures.Money(Bill(lane, options, volume).PerMillionRecords, options.Prices.Currency)));
            }

            table.Row([.. cells]);
        }

        return table.Render();
    }

    private static string Chart(IReadOnlyList<Observation> lanes, ReportOptions options)
    {
        var volume = options.EventsPerDay[options.EventsPerDay.Count / 2];
        return new BarChart
        {
            Title = $"What a month costs at {Figures.Large(volume)} events a day, in partitions of {Figures.Axis(options.PartitionPeriod.TotalSeconds)}",
            Axis = new Axis($"{options.Prices.Currency} a month", Figures.LargeTick),
            Parts = [.. s_parts.Select(part => part.Name)],
            Bars =
            [
                .. lanes.Select(lane =>
                {
                    var bill = Bill(lane, options, volume);
                    return new Bar(lane.Name, [.. s_parts.Select(part => bill.Lines.Where(line => line.Part == part.Part).Sum(line => line.PerMonth))], Figures.Money(bill.PerMonth, options.Prices.Currency));
                }),
            ],
            Note = "Always-on brokers and lanes are paid whether anything comes or not; a scheduled lane pays a start for each of its jobs.",
        }.Render();
    }

    private static string Missing(IReadOnlyList<Observation> lanes, ReportOptions options)
    {
        var missing = lanes.SelectMany(lane => Bill(lane, options, options.EventsPerDay[0]).NotMeasured.Select(line => (line, lane.Lane)))
            .GroupBy(one => one.line).Select(line => $"not measured: {line.Key} ({string.Join(", ", line.Select(one => one.Lane))})").ToArray();
        return Html.List(missing);
    }

    private static Bill Bill(Observation lane, ReportOptions options, double volume) => CostModel.BillOf(lane, Load(options, volume), options.Prices)!;

    private static Workload Load(ReportOptions options, double volume) => new(volume, options.PartitionPeriod, Bounded: false);
}
