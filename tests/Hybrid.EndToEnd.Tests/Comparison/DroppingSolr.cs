using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hybrid.EndToEnd.Tests.Comparison;

/// <summary>Stands between a lane and Solr and makes it a lane that loses: updates of one document never arrive, and the lane is told they did.</summary>
internal sealed class DroppingSolr : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Uri _solr;
    private readonly string _document;
    private int _dropped;

    private DroppingSolr(WebApplication server, Uri solr, string document)
    {
        _server = server;
        _solr = solr;
        _document = document;
    }

    /// <summary>Its own base address of Solr.</summary>
    public string Url => $"{_server.Urls.Single()}/solr";

    /// <summary>Updates that were lost.</summary>
    public int Dropped => Volatile.Read(ref _dropped);

    public static async Task<DroppingSolr> StartAsync(string solrUrl, string document)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        var proxy = new DroppingSolr(server, new Uri(solrUrl), document);
        server.Run(proxy.ForwardAsync);
        await server.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _client.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var content = body.ToArray();
        if (context.Request.Path.Value!.EndsWith("/update", StringComparison.Ordinal) && content.AsSpan().IndexOf(JsonSerializer.SerializeToUtf8Bytes(_document)) >= 0)
        {
            content = WithoutDocument(content);
        }

        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(_solr, context.Request.Path + context.Request.QueryString));
        if (content.Length > 0)
        {
            request.Content = new ByteArrayContent(content);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        }

        using var response = await _client.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        if (response.StatusCode != HttpStatusCode.NoContent)
        {
            await context.Response.Body.WriteAsync(await response.Content.ReadAsByteArrayAsync(context.RequestAborted), context.RequestAborted);
        }
    }

    /// <summary>Updates come as one JSON array of documents.</summary>
    private byte[] WithoutDocument(byte[] content)
    {
        var documents = JsonNode.Parse(content)!.AsArray();
        var lost = documents.Where(document => (string?)document!["id"] == _document).ToArray();
        foreach (var document in lost)
        {
            documents.Remove(document);
        }

        Interlocked.Add(ref _dropped, lost.Length);
        return JsonSerializer.SerializeToUtf8Bytes(documents);
    }
}
