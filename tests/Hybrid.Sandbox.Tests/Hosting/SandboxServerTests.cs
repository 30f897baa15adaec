using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.S3;
using Confluent.Kafka;
using Hybrid.Contracts.Stack;
using Hybrid.Sandbox.Tests.S3;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Sandbox.Tests.Hosting;

public sealed class SandboxServerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly HttpClient _client = new();

    private string EndpointsFile => Path.Combine(_directory.Path, StackEndpoints.FileName);

    public void Dispose()
    {
        _client.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Start_RunsEveryServiceAndWritesItsEndpoints()
    {
        await using var sandbox = await StartAsync();

        var written = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(EndpointsFile), StackJson.Default.StackEndpoints);
        using var s3 = S3Fixture.ClientOf(new Uri(sandbox.Endpoints.S3Url!), whenRequired: true);

        Assert.Equal(sandbox.Endpoints, written);
        Assert.Equal(Environment.ProcessId, written!.ProcessId);
        Assert.Equal("[]", await _client.GetStringAsync($"{written.RegistryUrl}/subjects"));
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = written.KafkaBootstrapServers }).Build();
        Assert.Single(admin.GetMetadata(TimeSpan.FromSeconds(20)).Brokers);
        using var solr = await _client.GetAsync($"{written.SolrUrl}/admin/cores?action=STATUS&wt=json");
        Assert.Equal(HttpStatusCode.OK, solr.StatusCode);
        Assert.Empty((await s3.ListBucketsAsync()).Buckets ?? []);
    }

    [Fact]
    public async Task Services_ThatAreLeftOut_HaveNoEndpoint()
    {
        await using var sandbox = await StartAsync(options => options with { RunKafka = false, RunRegistry = false, RunSolr = false });

        Assert.Null(sandbox.Endpoints.KafkaBootstrapServers);
        Assert.Null(sandbox.Endpoints.RegistryUrl);
        Assert.Null(sandbox.Endpoints.SolrUrl);
        Assert.NotNull(sandbox.Endpoints.S3Url);
    }

    [Fact]
    public async Task Status_CountsTheRequestsOfEveryService()
    {
        await using var sandbox = await StartAsync();
        await _client.GetStringAsync($"{sandbox.Endpoints.RegistryUrl}/subjects");

        var status = JsonNode.Parse(await _client.GetStringAsync($"{sandbox.Endpoints.AdminUrl}/admin/status"))!;

        Assert.Equal(1, (long)status["services"]!["registry"]!["requests"]!["ListSubjects"]!);
        Assert.Empty(status["services"]!["s3"]!["requests"]!.AsObject());
    }

    [Fact]
    public async Task SecondSandbox_OnTheSameDirectory_IsRefusedByName()
    {
        await using var sandbox = await StartAsync();

        var exception = await Assert.ThrowsAsync<SandboxException>(() => StartAsync());

        Assert.Equal(
            $"another sandbox (process {Environment.ProcessId}) uses {_directory.Path}; stop it or give another directory",
            exception.Message);
        Assert.True(File.Exists(EndpointsFile));
    }

    [Theory]
    [InlineData("Kafka")]
    [InlineData("The schema registry")]
    [InlineData("S3")]
    [InlineData("Solr")]
    public async Task PortInUse_IsOneLineAndLeavesNothingRunning(string service)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var exception = await Assert.ThrowsAsync<SandboxException>(() => StartAsync(options => service switch
        {
            "Kafka" => options with { KafkaPort = port },
            "S3" => options with { S3Port = port },
            "Solr" => options with { SolrPort = port },
            _ => options with { RegistryPort = port },
        }));

        Assert.StartsWith($"{service} cannot listen on 127.0.0.1:{port}: the port is in use;", exception.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(EndpointsFile));
        await using var sandbox = await StartAsync();
    }

    [Fact]
    public async Task Stop_RemovesTheEndpointsAndFreesThePorts()
    {
        var sandbox = await StartAsync();
        var port = new Uri(sandbox.Endpoints.S3Url!).Port;
        await sandbox.DisposeAsync();

        Assert.False(File.Exists(EndpointsFile));
        await using var second = await StartAsync(options => options with { S3Port = port });
        Assert.Equal(sandbox.Endpoints.S3Url, second.Endpoints.S3Url);
    }

    [Fact]
    public async Task EndpointsOfAKilledSandbox_AreReplaced()
    {
        await File.WriteAllTextAsync(EndpointsFile, """{"processId":1,"s3Url":"http://127.0.0.1:1"}""");

        await using var sandbox = await StartAsync();

        Assert.DoesNotContain("http://127.0.0.1:1\"", await File.ReadAllTextAsync(EndpointsFile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DirectoryThatIsAFile_IsOneLine()
    {
        var file = Path.Combine(_directory.Path, "file");
        await File.WriteAllTextAsync(file, "x");

        var exception = await Assert.ThrowsAsync<SandboxException>(() => StartAsync(options => options with { DataDirectory = file }));

        Assert.StartsWith($"the sandbox cannot make its data directory {file}:", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    private Task<SandboxServer> StartAsync(Func<SandboxOptions, SandboxOptions>? change = null)
    {
        var options = new SandboxOptions { DataDirectory = _directory.Path };
        return SandboxServer.StartAsync(change?.Invoke(options) ?? options, NullLoggerFactory.Instance, CancellationToken.None);
    }
}
