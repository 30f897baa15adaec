using System.Text.Json;
using Hybrid.Sandbox.Registry;
using Hybrid.Sandbox.Tests.Conformance.Peers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Sandbox.Tests.Conformance.Registry;

/// <summary>One run of the checks written as plain HTTP requests.</summary>
public sealed class UrllibRun : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>By check: "ok", or what went wrong.</summary>
    public IReadOnlyDictionary<string, string> Results { get; private set; } = new Dictionary<string, string>();

    public async Task InitializeAsync()
    {
        await using var server = new RegistryServer(
            new RegistryServerOptions { DataDirectory = _directory.Path }, NullLoggerFactory.Instance);
        await server.StartAsync();
        var run = await Peer.Python.RunAsync([Peer.Script("Registry", "registry_checks.py"), server.BaseAddress.ToString()]);
        Results = JsonSerializer.Deserialize<Dictionary<string, string>>(run.Succeeded())!;
    }

    public Task DisposeAsync()
    {
        _directory.Dispose();
        return Task.CompletedTask;
    }
}
