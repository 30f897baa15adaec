using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Hybrid.Sandbox.Solr;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Sandbox.Tests.Solr;

/// <summary>A sandbox Solr on a port of its own with one core, and a client that speaks to it over a socket.</summary>
internal sealed class RunningSolr : IAsyncDisposable
{
    public const string Core = "shop";

    private readonly SolrServer _server;

    private RunningSolr(SolrServer server)
    {
        _server = server;
        Client = new HttpClient { BaseAddress = new Uri(server.BaseAddress + "/") };
    }

    public HttpClient Client { get; }

    public SolrServer Server => _server;

    /// <summary>Starts on a directory, and creates the core unless it is there.</summary>
    public static async Task<RunningSolr> StartAsync(string directory, long compactionBytes = 64 << 20, int maxRequestBytes = 256 << 20)
    {
        var server = new SolrServer(
            new SolrServerOptions { DataDirectory = directory, CompactionBytes = compactionBytes, MaxRequestBytes = maxRequestBytes },
            NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        var solr = new RunningSolr(server);
        await solr.GetAsync($"admin/cores?action=CREATE&name={Core}&configSet=hybrid");
        return solr;
    }

    public async Task<Answer> GetAsync(string address)
    {
        using var response = await Client.GetAsync(address);
        return await Answer.ReadAsync(response);
    }

    public Task<Answer> SelectAsync(string query) => GetAsync($"{Core}/select?{query}");

    /// <summary>The ids that a query finds, in the order they come in.</summary>
    public async Task<string> IdsAsync(string query, string handler = "select")
    {
        var answer = await GetAsync($"{Core}/{handler}?q={Uri.EscapeDataString(query)}&fl=id&sort=id+asc&rows=100");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return string.Join(' ', answer.Documents.Select(document => (string)document!["id"]!));
    }

    /// <summary>The document as real-time get has it, or null.</summary>
    public async Task<JsonNode?> RealTimeAsync(string id)
    {
        var answer = await GetAsync($"{Core}/get?id={id}");
        return answer.Json["doc"];
    }

    public Task<Answer> UpdateAsync(string json, string parameters = "") => PostAsync($"{Core}/update?{parameters}", json, "application/json");

    /// <summary>Sends through a chain, and commits.</summary>
    public Task<Answer> UpdateThroughAsync(string chain, string json) => UpdateAsync(json, $"update.chain={chain}&commit=true");

    public async Task<Answer> PostAsync(string address, string body, string contentType)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (contentType.Length > 0)
        {
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        using var response = await Client.PostAsync(address, content);
        return await Answer.ReadAsync(response);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
    }
}

/// <summary>What Solr answered.</summary>
internal sealed record Answer(HttpStatusCode Status, string? ContentType, string Text)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public JsonArray Documents => Json["response"]!["docs"]!.AsArray();

    public long NumFound => (long)Json["response"]!["numFound"]!;

    public string Error => (string)Json["error"]!["msg"]!;

    public JsonArray Tolerated => Json["responseHeader"]!["errors"]!.AsArray();

    public static async Task<Answer> ReadAsync(HttpResponseMessage response) =>
        new(response.StatusCode, response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsStringAsync());
}
