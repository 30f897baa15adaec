using System.CommandLine;
using Hybrid.Cli.CommandLine;
using Hybrid.Pipeline.Hosting;
using Hybrid.Sandbox.Faults;

namespace Hybrid.Cli.Verbs.Sandbox;

/// <summary><c>hybrid sandbox fault</c>: injects faults into a running sandbox, lists and clears them.</summary>
internal static class FaultVerb
{
    private static readonly (string Service, string Title, string[] Examples)[] Services =
    [
        ("kafka", "Injects a fault into Kafka.",
        [
            "hybrid sandbox fault kafka --api Produce --error NOT_LEADER_OR_FOLLOWER --rate 0.1 --seed 7 --for 1m --data /tmp/sandbox",
            "hybrid sandbox fault kafka --api Produce --drop --when after --times 1 --data /tmp/sandbox",
            "hybrid sandbox fault kafka --down --for 10s --data /tmp/sandbox",
        ]),
        ("registry", "Injects a fault into the schema registry.",
        [
            "hybrid sandbox fault registry --operation Register --error 500 --times 3 --data /tmp/sandbox",
            "hybrid sandbox fault registry --latency exponential:200ms --for 1m --data /tmp/sandbox",
        ]),
        ("s3", "Injects a fault into S3.",
        [
            "hybrid sandbox fault s3 --operation ListObjectsV2 --listing-lag 2s..8s --seed 7 --data /tmp/sandbox",
            "hybrid sandbox fault s3 --error 429 --retry-after 2s --rate 0.2 --for 1m --data /tmp/sandbox",
            "hybrid sandbox fault s3 --vanish 5s --key 'dt=2010-12-01/*' --rate 0.1 --data /tmp/sandbox",
        ]),
        ("solr", "Injects a fault into Solr.",
        [
            "hybrid sandbox fault solr --stall 5s --for 30s --data /tmp/sandbox",
            "hybrid sandbox fault solr --operation commit --stall 3s --core streaming --data /tmp/sandbox",
            "hybrid sandbox fault solr --operation update --error 503 --rate 0.3 --for 1m --data /tmp/sandbox",
        ]),
    ];

    public static Command Create()
    {
        var verb = new VerbCommand(
            "fault",
            "Injects faults into a running sandbox, so that what they do to a lane can be seen and measured: errors, delays, lost connections, "
            + "outages, lagging listings, stalls, full disks. Each is for one service, and narrowed by operation, target, rate and time. A seed "
            + "repeats a run.",
            "hybrid sandbox fault solr --stall 5s --for 30s --data /tmp/sandbox",
            "hybrid sandbox fault s3 --listing-lag 2s..8s --data /tmp/sandbox",
            "hybrid sandbox fault list --data /tmp/sandbox",
            "hybrid sandbox fault clear --data /tmp/sandbox");
        foreach (var (service, title, examples) in Services)
        {
            verb.Subcommands.Add(ForService(service, title, examples));
        }

        verb.Subcommands.Add(Add());
        verb.Subcommands.Add(List());
        verb.Subcommands.Add(Clear());
        return verb;
    }

    private static VerbCommand ForService(string service, string title, string[] examples)
    {
        var options = new FaultOptions(service);
        var command = new VerbCommand(service, $"{title} Give one effect, and what it befalls, how often and how long.", examples);
        options.AddTo(command);
        return WithAddress(command, (parsed, admin, cancellationToken) => AddAsync(admin, options.Read(parsed, service), cancellationToken));
    }

    private static VerbCommand Add()
    {
        var service = new Argument<string>("SERVICE") { Description = "kafka, registry, s3 or solr." };
        service.AcceptOnlyFromAmong("kafka", "registry", "s3", "solr");
        var options = new FaultOptions(null);
        var command = new VerbCommand(
            "add",
            "Injects a fault into a service: the same as `fault SERVICE`, with the options of all services.",
            "hybrid sandbox fault add s3 --operation PutObject --latency lognormal:50ms,2s --data /tmp/sandbox")
        {
            service,
        };
        options.AddTo(command);
        return WithAddress(command, (parsed, admin, cancellationToken) => AddAsync(admin, options.Read(parsed, parsed.GetValue(service)!), cancellationToken));
    }

    private static VerbCommand List()
    {
        var command = new VerbCommand(
            "list", "Lists the faults in force, and those that are over until they are cleared, with their hits.", "hybrid sandbox fault list --data /tmp/sandbox");
        return WithAddress(command, async (_, admin, cancellationToken) => FaultTable.Write(await admin.FaultsAsync(cancellationToken)));
    }

    private static VerbCommand Clear()
    {
        var id = new Argument<string?>("ID") { Description = "The fault, as `fault list` numbers it; all when not given.", Arity = ArgumentArity.ZeroOrOne };
        var command = new VerbCommand(
            "clear",
            "Ends faults at once. What waits because of them goes on.",
            "hybrid sandbox fault clear 2 --data /tmp/sandbox",
            "hybrid sandbox fault clear --data /tmp/sandbox")
        {
            id,
        };
        return WithAddress(command, async (parsed, admin, cancellationToken) =>
        {
            var cleared = await admin.ClearAsync(parsed.GetValue(id), cancellationToken);
            Console.WriteLine(cleared.Cleared == 1 ? "1 fault cleared" : $"{cleared.Cleared} faults cleared");
        });
    }

    private static VerbCommand WithAddress(VerbCommand command, Func<ParseResult, SandboxAdmin, CancellationToken, Task> run)
    {
        var address = new SandboxAddress();
        address.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var admin = address.Connect(parsed);
            await run(parsed, admin, cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task AddAsync(SandboxAdmin admin, FaultSpecification fault, CancellationToken cancellationToken)
    {
        fault.Check();
        var added = await admin.AddAsync(fault, cancellationToken);
        Console.WriteLine($"fault {added.Id}: {FaultTable.Describe(added)}");
    }
}
