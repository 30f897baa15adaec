using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Hybrid.Benchmarks.Micro;
using Hybrid.Contracts.Lanes;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Stack;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Publisher;

namespace Hybrid.Benchmarks.Chain;

/// <summary>A service's peak resident memory beside the one that it must not much exceed.</summary>
/// <param name="Name">The service, and what it met.</param>
/// <param name="Bytes">Its peak.</param>
/// <param name="Beside">What the other peak is.</param>
/// <param name="BesideBytes">The other peak.</param>
internal sealed record MemoryFigure(string Name, long Bytes, string Beside, long BesideBytes)
{
    /// <summary>How much more than the other peak it may be and still count as flat.</summary>
    public const double Flat = 1.5;

    public double Ratio => (double)Bytes / BesideBytes;

    public bool Reached => Ratio <= Flat;
}

/// <summary>
/// Each service as a process of its own over one partition of N lines and of ten times as many, about the same documents: an index grows with
/// its documents, a service must not grow with its input. And each lane once more with a Solr that takes requests and never answers.
/// </summary>
internal static class MemoryChain
{
    private const int Growth = 10;
    private const int Documents = 10_000;
    private const string Publisher = "publisher";
    private const string Sandbox = "sandbox";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(10);
    private static readonly string[] Lanes = [LaneNames.MicroBatch, LaneNames.Streaming];

    public static async Task<IReadOnlyList<MemoryFigure>> RunAsync(ChainOptions options, Action<string> progress, CancellationToken cancellationToken)
    {
        var (small, large) = ($"{options.Records / Growth:N0} records", $"{options.Records:N0} records");
        var over = await PeaksAsync(options.Records / Growth, stop: false, progress, cancellationToken);
        var overMore = await PeaksAsync(options.Records, stop: true, progress, cancellationToken);
        string[] services = options.Only == "lanes" ? Lanes : [Publisher, .. Lanes, Sandbox];
        return
        [
            .. services.Select(service => new MemoryFigure($"{service}, {large}", overMore[service], small, over[service])),
            .. Lanes.Select(lane => new MemoryFigure($"{lane}, Solr stopped", overMore[WithoutSolr(lane)], $"{large}, Solr answering", overMore[lane])),
        ];
    }

    private static string WithoutSolr(string lane) => $"{lane} without Solr";

    private static async Task<Dictionary<string, long>> PeaksAsync(int records, bool stop, Action<string> progress, CancellationToken cancellationToken)
    {
        await using var sandbox = await SandboxProcess.StartAsync(cancellationToken);
        progress($"memory over {records:N0} records");
        await using (var scope = new ServiceScope(sandbox.Endpoints, "memory", (services, configuration) => services.AddPublisher(configuration)))
        {
            await PublisherChain.PutAsync(scope.Get<IObjectStore>(), SampleDeltas.Range(records, Documents), cancellationToken);
        }

        var peaks = new Dictionary<string, long>
        {
            [Publisher] = await PeakAsync(
                ["publish", "--set", $"Publisher:Until={PublisherChain.Partition.End:O}", "--set", "Publisher:ExitWhenDone=true"],
                sandbox.Endpoints,
                status => false,
                cancellationToken),
        };
        if (stop)
        {
            // First, since these lanes commit nothing: the same records are there for those that follow.
            await StopSolrAsync(sandbox.Endpoints, cancellationToken);
            foreach (var lane in Lanes)
            {
                progress($"memory over {records:N0} records, {lane} lane, Solr stopped");
                peaks[WithoutSolr(lane)] = await PeakAsync(["lane", lane], sandbox.Endpoints, Unmoved(), cancellationToken);
            }

            await StartSolrAsync(sandbox.Endpoints, cancellationToken);
        }

        foreach (var lane in Lanes)
        {
            progress($"memory over {records:N0} records, {lane} lane");
            peaks[lane] = await PeakAsync(["lane", lane], sandbox.Endpoints, status => Written(status) >= records, cancellationToken);
        }

        peaks[Sandbox] = sandbox.PeakMemoryBytes;
        return peaks;
    }

    private static async Task StopSolrAsync(StackEndpoints endpoints, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        using var fault = new StringContent("""{"service":"solr","operation":"update","stall":"1h"}""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(Faults(endpoints), fault, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task StartSolrAsync(StackEndpoints endpoints, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        using var answer = await http.DeleteAsync(Faults(endpoints), cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private static string Faults(StackEndpoints endpoints) => $"{endpoints.AdminUrl}/admin/faults";

    /// <summary>True once a lane that took records has taken no more for a while.</summary>
    private static Func<ServiceStatus, bool> Unmoved()
    {
        var (taken, since) = (0L, Stopwatch.GetTimestamp());
        return status =>
        {
            var now = status.Counters.GetValueOrDefault(Instruments.RecordsConsumed);
            if (now != taken)
            {
                (taken, since) = (now, Stopwatch.GetTimestamp());
            }

            return taken > 0 && Stopwatch.GetElapsedTime(since) > Stalled;
        };
    }

    private static async Task<long> PeakAsync(string[] verb, StackEndpoints endpoints, Func<ServiceStatus, bool> done, CancellationToken cancellationToken)
    {
        var file = Path.GetTempFileName();
        try
        {
            using var process = SelfProcess.Start(verb, new Dictionary<string, string>
            {
                ["HYBRID__KAFKA__BOOTSTRAPSERVERS"] = endpoints.KafkaBootstrapServers!,
                ["HYBRID__KAFKA__TOPICPREFIX"] = "memory",
                ["HYBRID__AVRO__REGISTRYURL"] = endpoints.RegistryUrl!,
                ["HYBRID__OBJECTSTORE__SERVICEURL"] = endpoints.S3Url!,
                ["HYBRID__OBJECTSTORE__PREFIX"] = "memory/",
                ["HYBRID__SOLR__URL"] = endpoints.SolrUrl!,
                ["HYBRID__MEASUREMENT__STATUSFILE"] = file,
            });
            while (!process.HasExited && !(Read(file) is { } status && done(status)))
            {
                await Task.Delay(Poll, cancellationToken);
            }

            if (!process.HasExited)
            {
                process.Kill();
            }

            await process.WaitForExitAsync(cancellationToken);
            return Read(file)?.PeakMemoryBytes ?? throw HybridException.Failure($"'{string.Join(' ', verb)}' wrote no status");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static long Written(ServiceStatus status) =>
        status.Counters.GetValueOrDefault(Instruments.SolrDocuments) + status.Counters.GetValueOrDefault(Instruments.RecordsCompacted);

    private static ServiceStatus? Read(string file)
    {
        var bytes = File.ReadAllBytes(file);
        return bytes.Length == 0 ? null : JsonSerializer.Deserialize(bytes, StatusJson.Default.ServiceStatus);
    }
}
