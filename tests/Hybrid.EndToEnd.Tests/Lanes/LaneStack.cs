using Hybrid.EndToEnd.Tests.Sandbox;
using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Kafka;
using Hybrid.Sandbox.Registry;
using Hybrid.Sandbox.Solr;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.EndToEnd.Tests.Lanes;

/// <summary>Kafka, the schema registry and Solr, shared by the lanes' tests: each test has its own topics, group and collection there.</summary>
public sealed class LaneStack : IAsyncLifetime
{
    public static readonly TimeSpan ShortestSession = TimeSpan.FromSeconds(2);

    private readonly FaultCatalog _faults = new(TimeProvider.System);
    private readonly string _directory = Directory.CreateTempSubdirectory("hybrid-lanes-").FullName;
    private KafkaBroker _kafka = null!;
    private RegistryServer _registry = null!;
    private SolrServer _solr = null!;

    public string BootstrapServers => _kafka.BootstrapServers;

    public string RegistryUrl => _registry.BaseAddress.ToString();

    public string SolrUrl => _solr.BaseAddress.ToString();

    public async Task InitializeAsync()
    {
        _kafka = new KafkaBroker(
            new KafkaBrokerOptions { DataDirectory = Path.Combine(_directory, "kafka"), MinSessionTimeout = ShortestSession, Faults = _faults.For(FaultService.Kafka) },
            NullLogger.Instance);
        _registry = new RegistryServer(
            new RegistryServerOptions { DataDirectory = Path.Combine(_directory, "registry"), Faults = _faults.For(FaultService.Registry) }, NullLoggerFactory.Instance);
        _solr = Solr("solr", 0);
        await Task.WhenAll(_kafka.StartAsync(default), _registry.StartAsync(default), _solr.StartAsync(default));
    }

    public async Task DisposeAsync()
    {
        await _solr.DisposeAsync();
        await _registry.DisposeAsync();
        await _kafka.DisposeAsync();
        _faults.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    public async Task StopKafkaAsync() => await _kafka.DisposeAsync();

    /// <summary>Breaks Kafka or the registry for the tests of one class, until what it returns is disposed.</summary>
    internal IDisposable Inject(FaultSpecification fault)
    {
        var id = _faults.Add(fault).Id;
        return new Injection(() => _faults.Clear(id));
    }

    /// <summary>A Solr of the test's own, to be stopped and started.</summary>
    public SolrServer Solr(string name, int port) =>
        new(new SolrServerOptions { DataDirectory = Path.Combine(_directory, name), Port = port }, NullLoggerFactory.Instance);

    /// <summary>A Solr of the test's own, to be made fail.</summary>
    internal SolrServer Solr(string name, FaultCatalog faults) => new(
        new SolrServerOptions { DataDirectory = Path.Combine(_directory, name), Faults = faults.For(FaultService.Solr) }, NullLoggerFactory.Instance);
}
