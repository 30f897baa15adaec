using System.CommandLine;
using Hybrid.Cli.CommandLine;
using Hybrid.Cli.Hosting;
using Hybrid.Comparison.Convergence;
using Hybrid.Comparison.Experiments;
using Hybrid.Comparison.Processes;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Cli.Verbs;

/// <summary><c>hybrid soak</c>: random inputs under random faults, and every lane's index against the truth, on and on.</summary>
internal static class SoakVerb
{
    public static Command Create()
    {
        var standard = new ConvergenceOptions();
        var seed = new Option<long>("--seed") { Description = "The first round's seed; each round's is one more.", HelpName = "N", DefaultValueFactory = _ => standard.Seed };
        var rounds = new Option<int?>("--rounds") { Description = "How many rounds; without it and --for until Ctrl-C.", HelpName = "N" };
        var time = Durations.Option("--for", "Begin no other round after so long.");
        var lanes = new Option<string?>("--lanes")
        {
            Description = $"The lanes, comma-separated, all in every round: some of {string.Join(", ", LaneCatalog.Available)}. Default: all.",
            HelpName = "NAMES",
        };
        var parallel = new Option<int>("--parallel")
        {
            Description = "Rounds at once, each on a sandbox of its own.",
            HelpName = "N",
            DefaultValueFactory = _ => standard.Parallel,
        };
        var data = new Option<string?>("--data")
        {
            Description = "An empty directory for data and logs, which are kept. Without it a temporary one, kept only when something was wrong.",
            HelpName = "DIR",
        };
        var verb = new VerbCommand(
            "soak",
            "Shows that every lane ends in the same index, whatever happens. A round draws everything from its seed: partitions with upserts, deletes, "
            + "signals, malformed lines and documents that Solr refuses, objects that come late or are corrected; windows, batch sizes and bounds; and what "
            + "befalls it: services stopped or killed (SIGKILL) and started again, instances that join and leave, Solr, Kafka, S3 and the registry "
            + "that refuse, stall, break connections before or after they did what was asked, run out of disk or go away, listings that lag, and "
            + "the sandbox itself killed. All lanes work on the same input at once; in the end each index is held against the truth, document by document, every "
            + "line against the topics, and every offset against the commits. Ends with 1, the seed and the command that repeats it at the first round that does not hold.",
            "hybrid soak --for 10m",
            "hybrid soak --rounds 50 --seed 1000 --lanes micro-batch,streaming",
            "hybrid soak --seed 1017 --rounds 1 --data /tmp/round")
        {
            seed, rounds, time, lanes, parallel, data,
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new ConvergenceOptions
            {
                Seed = parsed.GetValue(seed),
                Rounds = parsed.GetValue(rounds),
                For = parsed.GetValue(time),
                Lanes = parsed.GetValue(lanes)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
                Parallel = parsed.GetValue(parallel),
                DataDirectory = parsed.GetValue(data),
            };
            var console = new SoakConsole(options, Console.Out);
            var result = await ConvergenceRunner.RunAsync(options, HybridExecutable.Current(), new ServicesInProcess(), console, cancellationToken);
            console.Summarise(result);
            if (result.Failed.Any())
            {
                return ExitCodes.FailureFound;
            }

            if (result.Rounds.Count == 0 || result.Rounds.Count < options.Rounds || options.For is not null)
            {
                // Less was shown than was asked for. Without a number and a time, Ctrl-C is how it ends.
                cancellationToken.ThrowIfCancellationRequested();
            }

            return ExitCodes.Done;
        });
        return verb;
    }
}
