using System.Text.Json;
using Hybrid.Benchmarks.Micro;
using Hybrid.Contracts.Lanes;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Stack;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Publisher;

namespace Hybrid.Benchmarks.Chain;

/// <summary>A service's peak memory over an input and over one ten times as large.</summary>
/// <param name="Name">The service.</param>
/// <param name="SmallBytes">Peak resident memory over the small input.</param>
/// <param name="LargeBytes">Peak resident memory over the large one.</param>
internal sealed record MemoryFigure(string Name, long SmallBytes, long LargeBytes)
{
    /// <summary>How much more than the small one's peak the large one's may be and still count as flat.</summary>
    public const double Flat = 1.5;

    public double Ratio => (double)LargeBytes / SmallBytes;

    public bool Reached => Ratio <= Flat;
}

/// <summary>
/// Each service as a process of its own over one partition of N lines and of ten times as many, about the same documents: an index grows with
/// its documents, a service must not grow with its input.
/// </summary>
internal static class MemoryChain
{
    private const int Growth = 10;
    private const int Documents = 10_000;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly string[] Lanes = [LaneNames.MicroBatch, LaneNames.Streaming];

    public static async Task<IReadOnlyList<MemoryFigure>> RunAsync(ChainOptions options, Action<string> progress, CancellationToken cancellationToken)
    {
        var small = await PeaksAsync(options.Records / Growth, progress, cancellationToken);
        var large = await PeaksAsync(options.Records, progress, cancellationToken);
        return [.. small.Select(peak => new MemoryFigure(peak.Key, peak.Value, large[peak.Key]))];
    }

    private static async Task<Dictionary<string, long>> PeaksAsync(int records, Action<string> progress, CancellationToken cancellationToken)
    {
        await using var sandbox = await SandboxProcess.StartAsync(cancellationToken);
        progress($"memory over {records:N0} records");
        await using (var scope = new ServiceScope(sandbox.Endpoints, "memory", (services, configuration) => services.AddPublisher(configuration)))
        {
            await PublisherChain.PutAsync(scope.Get<IObjectStore>(), SampleDeltas.Range(records, Documents), cancellationToken);
        }

        var peaks = new Dictionary<string, long>
        {
            ["publisher"] = await PeakAsync(
                ["publish", "--set", $"Publisher:Until={PublisherChain.Partition.End:O}", "--set", "Publisher:ExitWhenDone=true"],
                sandbox.Endpoints,
                status => false,
                cancellationToken),
        };
        foreach (var lane in Lanes)
        {
            peaks[lane] = await PeakAsync(
                ["lane", lane], sandbox.Endpoints, status => Written(status) >= records, cancellationToken);
        }

        peaks["sandbox"] = sandbox.PeakMemoryBytes;
        return peaks;
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
