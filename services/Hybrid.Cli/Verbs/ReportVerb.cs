using System.CommandLine;
using Hybrid.Cli.CommandLine;
using Hybrid.Comparison.Reporting;

namespace Hybrid.Cli.Verbs;

/// <summary><c>hybrid report</c>: draws a report again from its <c>report.json</c>, or sets two against each other.</summary>
internal static class ReportVerb
{
    public static Command Create()
    {
        var source = new Argument<string>("report") { Description = "A report.json, or the directory that holds it.", HelpName = "REPORT" };
        var output = new Option<string?>("--out") { Description = "Where the files go; beside the report when not given.", HelpName = "DIR" };
        var older = new Option<string?>("--compare") { Description = "An older report.json to set this one against: what moved beyond noise is flagged, and makes the exit code 1 where it moved to the worse.", HelpName = "OLD" };
        var pricing = new Option<string?>("--pricing") { Description = "Your prices: a copy of compose/pricing.json with what you pay.", HelpName = "FILE" };
        var events = Quantities.Option("--events-per-day", "Your load, records a day, for the costs; three loads when not given.");
        var period = Durations.Option("--partition-period", "Your partitions' length, for the costs. Default: 5m.");
        var verb = new VerbCommand(
            "report",
            "Draws report.md and report.html again from report.json, and prints the table.",
            "hybrid report out",
            "hybrid report out --pricing my-prices.json --events-per-day 10M --out redrawn",
            "hybrid report out/report.json --compare before/report.json")
        {
            source, output, older, pricing, events, period,
        };
        verb.SetAction((parsed, cancellationToken) =>
        {
            var options = new RedrawOptions
            {
                Report = parsed.GetValue(source)!,
                Out = parsed.GetValue(output),
                Compare = parsed.GetValue(older),
                Pricing = parsed.GetValue(pricing),
                EventsPerDay = parsed.GetValue(events),
            };
            options = options with { PartitionPeriod = parsed.GetValue(period) ?? options.PartitionPeriod };
            return RedrawRunner.RunAsync(options, Terminals.Output(), cancellationToken);
        });
        return verb;
    }
}
