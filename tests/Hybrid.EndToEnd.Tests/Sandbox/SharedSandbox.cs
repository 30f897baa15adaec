using Hybrid.Sandbox;
using Hybrid.Sandbox.Faults;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.EndToEnd.Tests.Sandbox;

/// <summary>A sandbox that a class's tests share: each has names of its own there.</summary>
public abstract class SharedSandbox(bool withSolr) : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hybrid-shared-").FullName;
    private SandboxServer _server = null!;

    public string BootstrapServers => _server.Endpoints.KafkaBootstrapServers!;

    public string RegistryUrl => _server.Endpoints.RegistryUrl!;

    public string S3Url => _server.Endpoints.S3Url!;

    public string SolrUrl => _server.Endpoints.SolrUrl!;

    /// <summary>Befalls the sandbox until what is returned is disposed of.</summary>
    internal IDisposable Inject(FaultSpecification fault)
    {
        var id = _server.Faults.Add(fault).Id;
        return new Injection(() => _server.Faults.Clear(id));
    }

    public async Task InitializeAsync() => _server = await SandboxServer.StartAsync(
        new SandboxOptions { DataDirectory = _directory, RunSolr = withSolr }, NullLoggerFactory.Instance, default);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
