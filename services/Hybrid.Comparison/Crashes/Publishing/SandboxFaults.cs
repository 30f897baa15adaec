using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Http;

namespace Hybrid.Comparison.Crashes.Publishing;

/// <summary>Asks a running sandbox for faults over its admin endpoint.</summary>
internal sealed class SandboxFaults(string adminUrl) : IDisposable
{
    private const string Faults = "/admin/faults";

    private readonly HttpClient _client = new() { BaseAddress = new Uri(adminUrl), Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Injects a fault.</summary>
    /// <param name="fault">As <c>POST /admin/faults</c> takes it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What it is asked for and cleared by.</returns>
    /// <exception cref="HybridException">The sandbox refuses, or is not there.</exception>
    public async Task<string> AddAsync(JsonObject fault, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(HttpMethod.Post, Faults, fault, cancellationToken).ConfigureAwait(false);
        return (string)answer["id"]!;
    }

    /// <summary>How many requests a fault has befallen.</summary>
    public async Task<long> HitsAsync(string id, CancellationToken cancellationToken)
    {
        var faults = await SendAsync(HttpMethod.Get, Faults, null, cancellationToken).ConfigureAwait(false);
        return faults.AsArray().Where(fault => (string?)fault!["id"] == id).Sum(fault => (long)fault!["hits"]!);
    }

    /// <summary>Ends a fault.</summary>
    public Task ClearAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"{Faults}/{Uri.EscapeDataString(id)}", null, cancellationToken);

    /// <summary>Ends every fault.</summary>
    public Task ClearAllAsync(CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, Faults, null, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
            using var response = await _client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var answer = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? JsonNode.Parse(answer)!
                : throw HybridException.Failure($"{method} {path}: the sandbox answers {(int)response.StatusCode} {answer.ReplaceLineEndings(" ")}");
        }
        catch (Exception failure) when (failure is JsonException || BrokenConnection.Is(failure))
        {
            throw HybridException.Unreachable($"the sandbox does not answer at {adminUrl}: {failure.Message}", failure);
        }
    }
}
