using System.CommandLine;
using Hybrid.Cli.CommandLine;
using Hybrid.Comparison.Crashes.Publishing;
using Hybrid.Comparison.Processes;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Cli.Verbs;

/// <summary><c>hybrid publish crash-test</c>: kills the publisher at every step and looks for what is missing, double or out of order.</summary>
internal static class PublisherCrashTestVerb
{
    public static Command Create()
    {
        var standard = new PublisherCrashOptions();
        var rounds = new Option<int>("--rounds") { Description = "How many kills.", HelpName = "N", DefaultValueFactory = _ => standard.Rounds };
        var seed = new Option<long>("--seed") { Description = "Decides the input, the listings' lag and where each kill strikes.", HelpName = "N", DefaultValueFactory = _ => standard.Seed };
        var lag = Durations.Option("--listing-lag", "How long an object stays hidden from listings at most, 100ms to 30s; each for half of that at least. Default: 4s.");
        var data = new Option<string?>("--data")
        {
            Description = "An empty directory for data and logs, which are kept. Without it a temporary one, kept only when something was wrong.",
            HelpName = "DIR",
        };
        var verb = new VerbCommand(
            "crash-test",
            "Starts a sandbox whose listings lag, puts objects of all sizes into it without a pause (in time, just in time and late), and kills "
            + "publisher processes (SIGKILL) while they fence, list, read, publish and commit; the last three in ten befall two shards of one "
            + "source. Each is started again. One consumer of committed records watches throughout: every line has to come once, as record or dead letter, "
            + "in order, no control record before what it covers but for late objects, and no watermark may go back. Ends with 1 and the seed when "
            + "anything does not hold.",
            "hybrid publish crash-test --rounds 20",
            "hybrid publish crash-test --rounds 100 --seed 7 --data /tmp/crashes")
        {
            rounds, seed, lag, data,
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new PublisherCrashOptions
            {
                Rounds = parsed.GetValue(rounds),
                Seed = parsed.GetValue(seed),
                ListingLag = parsed.GetValue(lag) ?? standard.ListingLag,
                DataDirectory = parsed.GetValue(data),
            };
            var console = new PublisherCrashConsole(options, Console.Out);
            var result = await PublisherCrashRunner.RunAsync(options, HybridExecutable.Current(), console, cancellationToken);
            console.Summarise(result);
            return result.Violations.Count == 0 ? ExitCodes.Done : ExitCodes.FailureFound;
        });
        return verb;
    }
}
