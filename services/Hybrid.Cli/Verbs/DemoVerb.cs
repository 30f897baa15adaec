using System.CommandLine;
using Hybrid.Cli.CommandLine;
using Hybrid.Comparison.Experiments;

namespace Hybrid.Cli.Verbs;

/// <summary><c>hybrid demo</c>: the two-minute tour.</summary>
internal static class DemoVerb
{
    private const string DefaultDirectory = "out/demo";

    public static Command Create()
    {
        var output = new Option<string>("--out") { Description = "Where report.json, report.md and report.html go.", HelpName = "DIR", DefaultValueFactory = _ => DefaultDirectory };
        var lanes = new Option<string>("--lanes") { Description = $"The lanes, comma-separated. Default: {string.Join(",", DemoRunner.Tour)}.", HelpName = "NAMES" };
        var seed = new Option<long>("--seed") { Description = "The generator's seed.", DefaultValueFactory = _ => 1 };
        var verb = new VerbCommand(
            "demo",
            "The tour, under two minutes: a sandbox, generated partitions with bursts, late objects, deletes and malformed lines, the lanes one after "
            + "the other, the table, and report.html. Nothing is left running.",
            "hybrid demo",
            "hybrid demo --lanes streaming --out tour")
        {
            output, lanes, seed,
        };
        verb.SetAction((parsed, cancellationToken) =>
        {
            var options = new DemoOptions
            {
                Out = parsed.GetValue(output)!,
                Lanes = parsed.GetValue(lanes)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
                Seed = parsed.GetValue(seed),
                Command = "hybrid " + string.Join(' ', parsed.Tokens.Select(token => token.Value)),
            };
            return ComparisonVerbs.RunAsync(progress => DemoRunner.RunAsync(options, progress, cancellationToken), options.Out);
        });
        return verb;
    }
}
