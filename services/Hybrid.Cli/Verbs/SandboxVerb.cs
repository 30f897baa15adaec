using System.CommandLine;
using System.Net;
using Hybrid.Cli.CommandLine;
using Hybrid.Cli.Verbs.Sandbox;
using Hybrid.Pipeline.Hosting;
using Hybrid.Sandbox;
using Hybrid.Sandbox.Faults;
using Microsoft.Extensions.Logging;

namespace Hybrid.Cli.Verbs;

/// <summary><c>hybrid sandbox</c>: Kafka, registry, S3 and Solr in one process.</summary>
internal static class SandboxVerb
{
    public static Command Create()
    {
        var data = new Option<DirectoryInfo>("--data")
        {
            Description = "Where everything is kept; made when it is not there. endpoints.json in it tells the addresses.",
            HelpName = "DIR",
            Required = true,
        };
        var kafka = Port("--kafka-port", "Kafka");
        var registry = Port("--registry-port", "the schema registry");
        var s3 = Port("--s3-port", "S3");
        var solr = Port("--solr-port", "Solr");
        var retentionCheck = Durations.Option("--kafka-retention-check", "How often Kafka looks for segments to delete or compact. Default: 1m.");
        var without = new Option<string[]>("--without")
        {
            Description = "Leave out a service: kafka, registry, s3 or solr; may be repeated.",
            HelpName = "SERVICE",
            DefaultValueFactory = _ => [],
        };
        without.AcceptOnlyFromAmong("kafka", "registry", "s3", "solr");
        var faults = new Option<FileInfo>("--faults")
        {
            Description = "Faults in force from the start: a JSON array of what `sandbox fault` sends. More are injected, and these cleared, while it runs.",
            HelpName = "FILE",
        };
        var verb = new VerbCommand(
            "sandbox",
            "Runs Kafka, a schema registry, an S3 service and Solr in this one process, spoken over their real protocols on loopback and "
            + "durable in one directory. For a laptop and for tests: nothing is replicated. Runs until stopped.",
            "hybrid sandbox --data /tmp/sandbox",
            "hybrid sandbox --data /tmp/sandbox --kafka-port 9092 --registry-port 8081 --s3-port 9000 --solr-port 8983",
            "hybrid sandbox fault solr --stall 5s --for 30s --data /tmp/sandbox",
            "hybrid sandbox status --data /tmp/sandbox")
        {
            data, kafka, registry, s3, solr, retentionCheck, without, faults, CrashTestVerb.Create(), FaultVerb.Create(), StatusVerb.Create(),
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var leftOut = parsed.GetValue(without)!;
            var options = new SandboxOptions
            {
                DataDirectory = parsed.GetValue(data)!.FullName,
                KafkaPort = parsed.GetValue(kafka),
                RegistryPort = parsed.GetValue(registry),
                S3Port = parsed.GetValue(s3),
                SolrPort = parsed.GetValue(solr),
                KafkaRetentionCheckInterval = parsed.GetValue(retentionCheck) ?? TimeSpan.FromMinutes(1),
                RunKafka = !leftOut.Contains("kafka"),
                RunRegistry = !leftOut.Contains("registry"),
                RunS3 = !leftOut.Contains("s3"),
                RunSolr = !leftOut.Contains("solr"),
                Faults = parsed.GetValue(faults) is { } file ? FaultSpecification.ReadFile(file.FullName) : [],
            };
            await RunAsync(options, cancellationToken);
            return ExitCodes.Done;
        });
        return verb;
    }

    private static Option<int> Port(string name, string service)
    {
        var option = new Option<int>(name)
        {
            Description = $"The port of {service}; 0 for any free one.",
            HelpName = "PORT",
            DefaultValueFactory = _ => 0,
        };
        option.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int>() is < 0 or > IPEndPoint.MaxPort)
            {
                result.AddError($"'{result.Tokens[^1].Value}' is no port: {name} takes 0 to {IPEndPoint.MaxPort}.");
            }
        });
        return option;
    }

    private static async Task RunAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        var configuration = HybridConfiguration.Build([]);
        using var loggers = LoggerFactory.Create(logging => logging.AddHybridLogging(configuration));
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var sandbox = await SandboxServer.StartAsync(options, loggers, stopping.Token);
        var endpoints = sandbox.Endpoints;
        Console.WriteLine(
            $"sandbox ready: kafka {endpoints.KafkaBootstrapServers ?? "-"}, registry {endpoints.RegistryUrl ?? "-"}, s3 {endpoints.S3Url ?? "-"}, solr {endpoints.SolrUrl ?? "-"}");
        var watch = ParentProcess.WatchAsync(stopping.Cancel, stopping.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, stopping.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        await watch;
    }
}
