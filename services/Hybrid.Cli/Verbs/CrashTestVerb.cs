using System.CommandLine;
using Hybrid.Cli.CommandLine;
using Hybrid.Comparison.Crashes;
using Hybrid.Comparison.Processes;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Cli.Verbs;

/// <summary><c>hybrid sandbox crash-test</c>: kills a sandbox under load and looks for what it lost.</summary>
internal static class CrashTestVerb
{
    public static Command Create()
    {
        var standard = new CrashTestOptions();
        var rounds = new Option<int>("--rounds") { Description = "How many kills.", HelpName = "N", DefaultValueFactory = _ => standard.Rounds };
        var seed = new Option<long>("--seed") { Description = "Decides what is written and when each kill comes.", HelpName = "N", DefaultValueFactory = _ => standard.Seed };
        var load = Durations.Option("--load", "How long the load of a round runs at most before the kill, at least 50ms. Default: 600ms.");
        var data = new Option<string?>("--data")
        {
            Description = "An empty directory for the sandbox's data and log, which are kept. Without it a temporary one, kept only when something was lost.",
            HelpName = "DIR",
        };
        var verb = new VerbCommand(
            "crash-test",
            "Kills a sandbox (SIGKILL) again and again while real clients load all four services: idempotent and transactional producers, group "
            + "commits, a compacted topic under its cleaner, puts, copies, deletes and multipart uploads, schema registrations, Solr bulks with and "
            + "without commit. Half of the time the Kafka clients live through the kill and go on; now and then a start is killed, too. After each kill it "
            + "starts the sandbox on the same data and reads everything back: whatever was ever acknowledged is there with its bytes, offset, id or "
            + "version, and what was not acknowledged is there whole and once, or not at all. Ends with 1 at the first round that finds otherwise.",
            "hybrid sandbox crash-test --rounds 20",
            "hybrid sandbox crash-test --rounds 200 --seed 7 --data /tmp/crashes")
        {
            rounds, seed, load, data,
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new CrashTestOptions
            {
                Rounds = parsed.GetValue(rounds),
                Seed = parsed.GetValue(seed),
                LongestLoad = parsed.GetValue(load) ?? standard.LongestLoad,
                DataDirectory = parsed.GetValue(data),
            };
            var console = new CrashTestConsole(options, Console.Out);
            var result = await CrashTestRunner.RunAsync(options, HybridExecutable.Current(), console, cancellationToken);
            console.Summarise(result);
            return result.Violations.Count == 0 ? ExitCodes.Done : ExitCodes.FailureFound;
        });
        return verb;
    }
}
