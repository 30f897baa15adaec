using System.Text.Json;
using Hybrid.Sandbox.S3;
using Hybrid.Sandbox.Tests.Conformance.Peers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Sandbox.Tests.Conformance.S3;

/// <summary>One run of the checks written for boto3 against a server that checks signatures.</summary>
public sealed class Boto3Run : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>By check: "ok", or what went wrong.</summary>
    public IReadOnlyDictionary<string, string> Results { get; private set; } = new Dictionary<string, string>();

    public async Task InitializeAsync()
    {
        var options = new S3ServerOptions { DataDirectory = _directory.Path };
        await FillAsync(options);
        await using var server = new S3Server(options with { AccessKey = "key", SecretKey = "secret" }, NullLoggerFactory.Instance);
        await server.StartAsync();
        var run = await Peer.Python.RunAsync([Peer.Script("S3", "boto3_checks.py"), server.BaseAddress.ToString(), "key", "secret"]);
        Results = JsonSerializer.Deserialize<Dictionary<string, string>>(run.Succeeded())!;
    }

    public Task DisposeAsync()
    {
        _directory.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Puts the 10 000 keys of <c>boto3_checks.py</c>, which would take boto3 half a minute.</summary>
    private static async Task FillAsync(S3ServerOptions options)
    {
        await using var server = new S3Server(options, NullLoggerFactory.Instance);
        await server.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(server.BaseAddress, "ten-thousand/") };
        (await http.PutAsync(http.BaseAddress, null)).EnsureSuccessStatusCode();
        await Parallel.ForEachAsync(Enumerable.Range(0, 10_000), async (number, cancellationToken) =>
        {
            using var answer = await http.PutAsync($"{number % 10}/{number:d5}", null, cancellationToken);
            answer.EnsureSuccessStatusCode();
        });
    }
}
