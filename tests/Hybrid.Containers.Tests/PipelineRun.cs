using Hybrid.Contracts.Measurement;
using Hybrid.Lanes;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Solr;
using Hybrid.Publisher;
using Hybrid.Sandbox;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Containers.Tests;

/// <summary>Object store, registry and Solr of the sandbox, and a Kafka; services run in this process as the service runner runs them.</summary>
internal sealed class PipelineRun : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly TemporaryDirectory _directory;
    private readonly SandboxServer _sandbox;
    private readonly Dictionary<string, string?> _settings;

    private PipelineRun(TemporaryDirectory directory, SandboxServer sandbox, string? bootstrapServers)
    {
        _directory = directory;
        _sandbox = sandbox;
        _settings = new Dictionary<string, string?>
        {
            ["Kafka:BootstrapServers"] = bootstrapServers ?? sandbox.Endpoints.KafkaBootstrapServers,
            ["Avro:RegistryUrl"] = sandbox.Endpoints.RegistryUrl,
            ["ObjectStore:ServiceUrl"] = sandbox.Endpoints.S3Url,
            ["ObjectStore:AccessKey"] = "any",
            ["ObjectStore:SecretKey"] = "any",
            ["Solr:Url"] = sandbox.Endpoints.SolrUrl,
            ["Solr:Visibility"] = "soft-commit",
            ["Lane:Interval"] = "00:00:00.200",
        };
    }

    public long LinesRead { get; private set; }

    public long RecordsPublished { get; private set; }

    public long DeadLetters { get; private set; }

    public long RecordsConsumed { get; private set; }

    public static async Task<PipelineRun> StartAsync(string? bootstrapServers)
    {
        var directory = new TemporaryDirectory();
        var options = new SandboxOptions { DataDirectory = directory.Path, RunKafka = bootstrapServers is null };
        return new PipelineRun(directory, await SandboxServer.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None), bootstrapServers);
    }

    public async Task PutAsync(Partitions input)
    {
        await using var provider = Services((services, configuration) => services.AddObjectStore(configuration));
        var store = provider.GetRequiredService<IObjectStore>();
        await store.EnsureBucketAsync(CancellationToken.None);
        foreach (var (key, content) in input.Objects)
        {
            await store.PutAsync(key, new MemoryStream(content), ifMatch: null, CancellationToken.None);
        }
    }

    /// <summary>Publishes all partitions.</summary>
    public async Task PublishAsync(Partitions input)
    {
        _settings["Publisher:Until"] = input.End.ToString("O");
        _settings["Publisher:ExitWhenDone"] = "true";
        await using var provider = Services((services, configuration) => services.AddPublisher(configuration));
        using var recorder = new MetricsRecorder(provider.GetRequiredService<HybridMetrics>());
        await provider.GetRequiredService<IHybridService>().RunAsync(() => { }, CancellationToken.None).WaitAsync(Patience);
        var counters = recorder.Counters();
        LinesRead = counters[Instruments.LinesRead];
        RecordsPublished = counters[Instruments.RecordsPublished];
        DeadLetters = counters[Instruments.DeadLetters];
    }

    /// <summary>Runs the lane until it has taken every record and lags none, then stops it.</summary>
    public async Task IndexAsync(string lane, Partitions input)
    {
        _settings["Solr:Collection"] = lane;
        await using var provider = Services((services, configuration) => services.AddMicroBatchLane(configuration));
        using var recorder = new MetricsRecorder(provider.GetRequiredService<HybridMetrics>());
        using var stopping = new CancellationTokenSource();
        using var patience = new CancellationTokenSource(Patience);
        var running = provider.GetRequiredService<IHybridService>().RunAsync(() => { }, stopping.Token);
        while (recorder.Counters()[Instruments.RecordsConsumed] < input.Lines - input.Malformed
            || recorder.Gauges().GetValueOrDefault(Instruments.LagRecords, -1) != 0)
        {
            await await Task.WhenAny(running, Task.Delay(10, patience.Token));
        }

        await stopping.CancelAsync();
        await running.WaitAsync(Patience);
        RecordsConsumed = recorder.Counters()[Instruments.RecordsConsumed];
    }

    public async Task<List<(string Id, long Version, string? Title)>> ReadIndexAsync()
    {
        using var reader = new SolrReader(new SolrOptions { Url = _settings["Solr:Url"]! }, _settings["Solr:Collection"]!);
        var documents = new List<(string Id, long Version, string? Title)>();
        await foreach (var document in reader.ExportAsync(CancellationToken.None))
        {
            documents.Add((document.Id, document.AttributesVersion ?? 0, document.Title));
        }

        return [.. documents.OrderBy(document => document.Id, StringComparer.Ordinal)];
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _directory.Dispose();
    }

    private ServiceProvider Services(Action<IServiceCollection, IConfiguration> register)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(_settings).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<HybridMetrics>();
        services.AddSingleton(new EventClock(new ClockOptions()));
        services.AddSingleton(TimeProvider.System);
        register(services, configuration);
        return services.BuildServiceProvider();
    }
}
