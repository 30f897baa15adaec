using Hybrid.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Streamiz.Tests;

/// <summary>Kafka, a schema registry and Solr on loopback, gone with the tests.</summary>
public sealed class Stack : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private SandboxServer? _sandbox;
    private int _runs;

    internal string DataDirectory => _directory.Path;

    public async Task InitializeAsync() => _sandbox = await SandboxServer.StartAsync(
        new SandboxOptions { DataDirectory = Path.Combine(_directory.Path, "sandbox"), RunS3 = false }, NullLoggerFactory.Instance, CancellationToken.None);

    public async Task DisposeAsync()
    {
        await _sandbox!.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>The settings of one run: topics, group and collection of its own.</summary>
    internal Dictionary<string, string?> Settings()
    {
        var run = $"t{Interlocked.Increment(ref _runs)}";
        var endpoints = _sandbox!.Endpoints;
        return new Dictionary<string, string?>
        {
            ["Kafka:BootstrapServers"] = endpoints.KafkaBootstrapServers,
            ["Kafka:TopicPrefix"] = run + ".",
            ["Kafka:Partitions"] = "3",
            ["Avro:RegistryUrl"] = endpoints.RegistryUrl,
            ["Solr:Url"] = endpoints.SolrUrl,
            ["Solr:Collection"] = run,
            ["Solr:Visibility"] = "soft-commit",
            ["Lane:CommitInterval"] = "00:00:00.100",
            ["Streamiz:StateDirectory"] = Path.Combine(_directory.Path, run),
        };
    }
}
