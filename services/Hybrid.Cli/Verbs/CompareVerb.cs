using System.CommandLine;
using Hybrid.Cli.CommandLine;
using Hybrid.Comparison.Experiments;
using Hybrid.Contracts.Reports.Experiments;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Cli.Verbs;

/// <summary><c>hybrid compare</c>: the lanes measured on the user's partitions.</summary>
internal static class CompareVerb
{
    public static Command Create()
    {
        var input = new Option<string>("--input") { Description = "The partitions: a directory, or s3://bucket/prefix in the stack's object store. Needed without experiments; with them, partitions are generated when it is not given.", HelpName = "DIR" };
        var lanes = new Option<string>("--lanes") { Description = $"The lanes, comma-separated; this build has {string.Join(", ", LaneCatalog.Available)}.", HelpName = "NAMES", DefaultValueFactory = _ => "micro-batch,streaming" };
        var pace = Durations.Option("--pace", "Wall time between two partitions' due times, whatever their period. Default: 2s.");
        var output = new Option<string>("--out") { Description = "Where report.json, report.md and report.html go.", HelpName = "DIR", Required = true };
        var period = Durations.Option("--period", "The partitions' length; found in the input when not given.");
        var layout = new Option<string>("--layout") { Description = "How partitions are named; found in the input when not given.", HelpName = "TEMPLATE" };
        var from = Dates.Option("--from", "The first event time to replay.");
        var to = Dates.Option("--to", "The event time to stop before.");
        var most = new Option<int?>("--max-partitions") { Description = "Partitions to replay at most.", HelpName = "N" };
        var restarts = new Option<string[]>("--restart")
        {
            Description = "A restart in mid-run: streaming:kill@50%, publisher:stop@12 (partition 12) or lane:kill@30%+5s (away for 5 s); may be repeated.",
            HelpName = "STEP",
            DefaultValueFactory = _ => [],
        };
        var visibility = new Option<string>("--visibility") { Description = "When an update becomes searchable: commit-within=200ms, soft-commit or server.", HelpName = "WHEN" };
        var set = new Option<string[]>("--set") { Description = "Any option of the services, such as Lane:Interval=00:00:00.500; may be repeated.", HelpName = "KEY=VALUE", DefaultValueFactory = _ => [] };
        var experiments = new Option<string>("--experiments")
        {
            Description = $"Repeated, judged experiments instead of one run a lane: some of {string.Join(",", ExperimentKinds.All)}, or a JSON file with settings (docs/measuring.md).",
            HelpName = "KINDS|FILE",
        };
        var profile = new Option<string>("--profile") { Description = "Experiments of one size: quick (within 4 minutes), standard (within 20) or full (as long as it takes).", HelpName = "NAME" };
        profile.AcceptOnlyFromAmong("quick", "standard", "full");
        var repeat = new Option<int?>("--repeat") { Description = "Experiments: how often each point is run, from 1.", HelpName = "N" };
        var seed = new Option<long?>("--seed") { Description = "Experiments: what the order of the runs and generated partitions follow from.", HelpName = "N" };
        var race = new Option<bool>("--race") { Description = "Experiments: the lanes of the freshness experiment run at the same time, not one after the other." };
        var pricing = new Option<string?>("--pricing") { Description = "Your prices: a copy of compose/pricing.json with what you pay.", HelpName = "FILE" };
        var events = Quantities.Option("--events-per-day", "Your load, records a day, for the costs; three loads when not given.");
        var production = Durations.Option("--partition-period", "Your partitions' length at that load, for the costs. Default: 5m.");
        var keep = new Option<bool>("--keep-data") { Description = "Keep the working directory, topics and collections." };
        var stack = new StackOptions();
        var verb = new VerbCommand(
            "compare",
            "Replays partitions on a schedule, runs each lane on them as a process of its own, watches its index from outside, compares the index "
            + "with the truth, and writes the report. Exit 1 when a lane did not converge or the counts do not add up.",
            "hybrid import online-retail DATA --from 2010-12-01 --to 2010-12-07 --out week",
            "hybrid compare --input week --pace 200ms --lanes micro-batch,streaming --out report",
            "hybrid compare --input week --pace 200ms --restart lane:kill@50% --restart publisher:kill@70% --out report",
            "hybrid compare --profile quick --lanes micro-batch,streaming,direct --out report",
            "hybrid compare --input week --experiments freshness,restart --repeat 5 --pace 200ms --out report",
            "hybrid compare --profile standard --lanes micro-batch,streaming,batch --events-per-day 200M --pricing my-prices.json --out report",
            "hybrid compare --input week --stack external --kafka 127.0.0.1:9092 --out report")
        {
            input, lanes, pace, output, period, layout, from, to, most, restarts, visibility, set, experiments, profile, repeat, seed, race, pricing, events, production, keep,
        };
        stack.AddTo(verb);
        verb.SetAction((parsed, cancellationToken) =>
        {
            var options = new CompareOptions
            {
                Input = parsed.GetValue(input) ?? "",
                PaceIsGiven = parsed.GetValue(pace) is not null,
                Experiments = ExperimentsOf(
                    parsed.GetValue(experiments), parsed.GetValue(profile), parsed.GetValue(repeat), parsed.GetValue(seed), parsed.GetValue(race)),
                Lanes = parsed.GetValue(lanes)!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
                Out = parsed.GetValue(output)!,
                Period = parsed.GetValue(period),
                Layout = parsed.GetValue(layout),
                From = parsed.GetValue(from),
                To = parsed.GetValue(to),
                MaxPartitions = parsed.GetValue(most),
                Stack = stack.Read(parsed),
                Restarts = [.. parsed.GetValue(restarts)!.Select(RestartStep.Parse)],
                Settings = Settings(parsed.GetValue(set)!),
                KeepData = parsed.GetValue(keep),
                Pricing = parsed.GetValue(pricing),
                EventsPerDay = parsed.GetValue(events),
                Command = "hybrid " + string.Join(' ', parsed.Tokens.Select(token => token.Value)),
            };
            options = options with
            {
                Pace = parsed.GetValue(pace) ?? options.Pace,
                Visibility = parsed.GetValue(visibility) ?? options.Visibility,
                PartitionPeriod = parsed.GetValue(production) ?? options.PartitionPeriod,
            };
            return ComparisonVerbs.RunAsync(progress => ComparisonRunner.RunAsync(options, progress, cancellationToken), options.Out);
        });
        return verb;
    }

    /// <exception cref="HybridException">An option of experiments is given without them.</exception>
    private static ExperimentOptions? ExperimentsOf(string? kinds, string? profile, int? repeat, long? seed, bool race)
    {
        if (kinds is not null || profile is not null)
        {
            return new ExperimentOptions { Experiments = kinds, Profile = profile, Repeat = repeat, Seed = seed, Race = race };
        }

        return repeat is not null || seed is not null || race
            ? throw HybridException.WrongCall("--repeat, --seed and --race are for experiments: add --profile quick or --experiments freshness")
            : null;
    }

    private static Dictionary<string, string> Settings(string[] pairs)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in SettingPairs.Parse(pairs))
        {
            settings[key] = value;
        }

        return settings;
    }
}
