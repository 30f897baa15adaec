using System.CommandLine;
using Hybrid.Cli.CommandLine;
using Hybrid.Comparison.Projection;

namespace Hybrid.Cli.Verbs;

/// <summary><c>hybrid project</c>: from one machine to the user's scale.</summary>
internal static class ProjectVerb
{
    public static Command Create()
    {
        var report = new Option<string?>("--report") { Description = "The measured runs: a report.json, or the directory that a comparison wrote.", HelpName = "REPORT" };
        var events = Quantities.Option("--events-per-day", "Records a day.");
        events.Required = true;
        var period = Durations.Option("--partition-period", "The partitions' length. Default: 5m.");
        var documents = Quantities.Option("--documents", "Documents in the index, for its shards.");
        var freshness = Durations.Option("--freshness", "Size for this freshness at p99; for the rate alone when not given.");
        var pricing = new Option<string?>("--pricing") { Description = "Your prices: a copy of compose/pricing.json with what you pay.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "The answer for a machine." };
        var verb = new VerbCommand(
            "project",
            "Projects the measured lanes to your scale: freshness, instances, Kafka partitions, Solr shards and cost, by a small queueing and cost model that is "
            + "calibrated from the runs of a report. Says how far off it is on runs it did not see, and what it does not know.",
            "hybrid project --report out --events-per-day 5B --partition-period 5m --documents 40M",
            "hybrid project --report out --events-per-day 200M --freshness 30s --json")
        {
            report, events, period, documents, freshness, pricing, json,
        };
        verb.SetAction((parsed, cancellationToken) =>
        {
            var options = new ProjectOptions
            {
                Report = parsed.GetValue(report),
                EventsPerDay = parsed.GetValue(events)!.Value,
                Documents = parsed.GetValue(documents) ?? 0,
                Freshness = parsed.GetValue(freshness),
                Pricing = parsed.GetValue(pricing),
                Json = parsed.GetValue(json),
            };
            options = options with { PartitionPeriod = parsed.GetValue(period) ?? options.PartitionPeriod };
            return ProjectRunner.RunAsync(options, Terminals.Output(), cancellationToken);
        });
        return verb;
    }
}
