using System.Diagnostics;
using Hybrid.Comparison.Processes;
using Hybrid.Contracts.Stack;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Stack;

/// <summary>Kafka, registry, object store and Solr for one comparison: what was given, and a sandbox process for the rest.</summary>
internal sealed class RunStack : IAsyncDisposable
{
    /// <summary>The sandbox's data, below the working directory.</summary>
    public const string DataDirectory = "sandbox";

    private const string SandboxKey = "sandbox";

    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(10);

    private readonly ChildProcess? _sandbox;
    private volatile bool _stopping;

    private RunStack(
        ChildProcess? sandbox, IReadOnlyDictionary<string, string?> settings, IReadOnlyDictionary<string, string> origins, TimeSpan startUp, string? adminUrl)
    {
        AdminUrl = adminUrl;
        _sandbox = sandbox;
        Settings = settings;
        Origins = origins;
        StartUp = startUp;
        Failed = sandbox is null ? new TaskCompletionSource<HybridException>().Task : WatchAsync(sandbox);
    }

    /// <summary>The options that lead a service to this stack.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; }

    /// <summary>Where each part comes from: <c>sandbox</c>, or <c>external</c> with its address.</summary>
    public IReadOnlyDictionary<string, string> Origins { get; }

    /// <summary>How long the sandbox took to start, which tells how fast processes start here; zero when there is none.</summary>
    public TimeSpan StartUp { get; }

    /// <summary>Where faults are asked for; null when there is no sandbox.</summary>
    public string? AdminUrl { get; }

    /// <summary>The sandbox's processor time so far, core-seconds; null when there is none.</summary>
    public double? CpuSeconds
    {
        get
        {
            _sandbox?.Sample();
            return _sandbox?.ProcessorTime.TotalSeconds;
        }
    }

    /// <summary>Ends when the sandbox ends unasked, with the reason.</summary>
    public Task<HybridException> Failed { get; }

    /// <summary>Starts what is not given.</summary>
    /// <param name="given">What is there already.</param>
    /// <param name="executable">The program that has the verb <c>sandbox</c>.</param>
    /// <param name="directory">The run's working directory.</param>
    /// <param name="cancellationToken">Gives up and ends the sandbox.</param>
    /// <exception cref="HybridException">The sandbox does not start.</exception>
    public static async Task<RunStack> StartAsync(
        StackAddresses given, HybridExecutable executable, string directory, CancellationToken cancellationToken)
    {
        if (given.IsComplete)
        {
            return new RunStack(null, Options(given, new StackEndpoints()), OriginsOf(given), TimeSpan.Zero, null);
        }

        var started = Stopwatch.GetTimestamp();
        var data = Path.Combine(directory, DataDirectory);
        Directory.CreateDirectory(data);
        var sandbox = ChildProcess.Start(
            executable, "the sandbox", Arguments(given, data), new Dictionary<string, string>(), Path.Combine(directory, "sandbox.log"));
        try
        {
            var endpoints = await SandboxReadiness.WaitAsync(sandbox, data, cancellationToken).ConfigureAwait(false);
            return new RunStack(sandbox, Options(given, endpoints), OriginsOf(given), Stopwatch.GetElapsedTime(started), endpoints.AdminUrl);
        }
        catch
        {
            await sandbox.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        if (_sandbox is not null)
        {
            await _sandbox.StopAsync(StopDeadline).ConfigureAwait(false);
            await _sandbox.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static IEnumerable<string> Arguments(StackAddresses given, string data)
    {
        yield return "sandbox";
        yield return "--data";
        yield return data;
        foreach (var (service, address) in new[] { ("kafka", given.Kafka), ("registry", given.Registry), ("s3", given.ObjectStore), ("solr", given.Solr) })
        {
            if (address is not null)
            {
                yield return "--without";
                yield return service;
            }
        }
    }

    private static Dictionary<string, string?> Options(StackAddresses given, StackEndpoints sandbox) => new()
    {
        ["Kafka:BootstrapServers"] = given.Kafka ?? sandbox.KafkaBootstrapServers,
        ["Avro:RegistryUrl"] = given.Registry ?? sandbox.RegistryUrl,
        ["ObjectStore:ServiceUrl"] = given.ObjectStore ?? sandbox.S3Url,
        ["ObjectStore:Bucket"] = given.Bucket,
        ["ObjectStore:AccessKey"] = given.ObjectStore is null ? sandbox.AccessKey ?? SandboxKey : given.AccessKey,
        ["ObjectStore:SecretKey"] = given.ObjectStore is null ? sandbox.SecretKey ?? SandboxKey : given.SecretKey,
        ["Solr:Url"] = given.Solr ?? sandbox.SolrUrl,
    };

    private static Dictionary<string, string> OriginsOf(StackAddresses given)
    {
        static string Origin(string? address) => address is null ? "sandbox" : $"external {address}";
        return new Dictionary<string, string>
        {
            ["kafka"] = Origin(given.Kafka),
            ["registry"] = Origin(given.Registry),
            ["objectStore"] = Origin(given.ObjectStore),
            ["solr"] = Origin(given.Solr),
        };
    }

    private async Task<HybridException> WatchAsync(ChildProcess sandbox)
    {
        var code = await sandbox.Exited.ConfigureAwait(false);
        if (_stopping)
        {
            await Task.Delay(Timeout.Infinite).ConfigureAwait(false);
        }

        return HybridException.Unreachable($"the sandbox ended unasked with exit code {code}: {sandbox.LogTail()}");
    }
}
