using System.CommandLine;
using Hybrid.Cli.CommandLine;
using Hybrid.Comparison.Decisions;

namespace Hybrid.Cli.Verbs;

/// <summary><c>hybrid decide</c>: which lane, by the measured runs of a report.</summary>
internal static class DecideVerb
{
    public static Command Create()
    {
        var standard = new DecideOptions();
        var report = new Option<string?>("--report") { Description = "The measured runs: a report.json, or the directory that a comparison wrote.", HelpName = "REPORT" };
        var freshness = Durations.Option("--freshness", "Is low latency really needed? How stale a record may be, from when its partition was due until it is searchable.");
        var percentile = new Option<FreshnessPercentile>("--percentile") { Description = "The percentile of records that is held to it.", DefaultValueFactory = _ => standard.Percentile };
        var stateful = new Option<bool>("--stateful") { Description = "Is state needed across events? Figures over a window, such as what is bought together." };
        var bounded = new Option<bool>("--bounded") { Description = "Is the input bounded? It ends, and nothing stays on when it is done." };
        var events = Quantities.Option("--events-per-day", "How much of it: records a day. Default: 1M.");
        var period = Durations.Option("--partition-period", "The partitions' length. Default: 5m.");
        var downtime = Durations.Option("--max-downtime", "What when it breaks? How stale the index may become through a restart.");
        var budget = Quantities.Option("--budget", "What may it cost in total? A month, in the currency of the prices.");
        var lanes = new Option<string>("--lanes") { Description = "Only these lanes, comma-separated; all that were measured when not given.", HelpName = "NAMES" };
        var pricing = new Option<string?>("--pricing") { Description = "Your prices: a copy of compose/pricing.json with what you pay.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "The answer for a machine." };
        var verb = new VerbCommand(
            "decide",
            "Names the cheapest lane that met your requirement in the measured runs of a report, by what margin, what would change the answer, and what was "
            + "not measured. No lane wins by default: without a report, or without a run that met everything, none is named. Exit 1 when none is.",
            "hybrid decide --report out --freshness 30s --events-per-day 10M",
            "hybrid decide --report out --freshness 2s --stateful --max-downtime 1m --events-per-day 5B --pricing my-prices.json",
            "hybrid decide --report out --bounded --budget 500 --json")
        {
            report, freshness, percentile, stateful, bounded, events, period, downtime, budget, lanes, pricing, json,
        };
        verb.SetAction((parsed, cancellationToken) => DecideRunner.RunAsync(
            new DecideOptions
            {
                Report = parsed.GetValue(report),
                Freshness = parsed.GetValue(freshness),
                Percentile = parsed.GetValue(percentile),
                Stateful = parsed.GetValue(stateful),
                Bounded = parsed.GetValue(bounded),
                EventsPerDay = parsed.GetValue(events) ?? standard.EventsPerDay,
                PartitionPeriod = parsed.GetValue(period) ?? standard.PartitionPeriod,
                MaxDowntime = parsed.GetValue(downtime),
                Budget = parsed.GetValue(budget),
                Lanes = parsed.GetValue(lanes)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
                Pricing = parsed.GetValue(pricing),
                Json = parsed.GetValue(json),
            },
            Terminals.Output(),
            cancellationToken));
        return verb;
    }
}
