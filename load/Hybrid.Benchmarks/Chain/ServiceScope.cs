using Hybrid.Contracts.Stack;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Measurement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hybrid.Benchmarks.Chain;

/// <summary>The services of one measurement, composed as the command line composes them, on the sandbox.</summary>
internal sealed class ServiceScope : IAsyncDisposable
{
    private readonly ServiceProvider _provider;
    private readonly MetricsRecorder _recorder;

    public ServiceScope(
        StackEndpoints endpoints, string prefix, Action<IServiceCollection, IConfiguration> register, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
            [
                new("Kafka:BootstrapServers", endpoints.KafkaBootstrapServers),
                new("Kafka:TopicPrefix", prefix),
                new("Avro:RegistryUrl", endpoints.RegistryUrl),
                new("ObjectStore:ServiceUrl", endpoints.S3Url),
                new("ObjectStore:Prefix", prefix.Length == 0 ? "" : prefix + "/"),
                new("Solr:Url", endpoints.SolrUrl),
            ])
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging(logging => logging.AddHybridLogging(configuration).SetMinimumLevel(LogLevel.Warning));
        services.AddSingleton<HybridMetrics>();
        services.AddSingleton(new EventClock(new ClockOptions()));
        services.AddSingleton(TimeProvider.System);
        register(services, configuration);
        _provider = services.BuildServiceProvider();
        _recorder = new MetricsRecorder(Get<HybridMetrics>());
    }

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    /// <summary>How many samples a histogram has.</summary>
    public long Samples(string name) => _recorder.Samples(name);

    public long Counter(string name) => _recorder.Counters().GetValueOrDefault(name);

    public async ValueTask DisposeAsync()
    {
        _recorder.Dispose();
        await _provider.DisposeAsync();
    }
}
