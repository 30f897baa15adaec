using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hybrid.Unit.Tests.Solr;

/// <summary>A real HTTP server that records what it is sent and answers as the test says.</summary>
internal sealed class ScriptedSolr : IAsyncDisposable
{
    public const string Done = """{"responseHeader":{"status":0,"QTime":1}}""";

    private readonly WebApplication _application;

    private ScriptedSolr(WebApplication application) => _application = application;

    public string Url => _application.Urls.First() + "/solr";

    public ConcurrentQueue<Request> Requests { get; } = [];

    public Func<Request, (int Status, string Body)> Answer { get; set; } = _ => (200, Done);

    public static async Task<ScriptedSolr> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var server = new ScriptedSolr(application);
        application.Run(server.HandleAsync);
        await application.StartAsync();
        return server;
    }

    public static string Refuses(params string[] ids) =>
        $$$"""{"responseHeader":{"errors":[{{{string.Join(',', ids.Select(id => $$"""{"type":"ADD","id":"{{id}}","message":"ERROR: [doc={{id}}] bad"}"""))}}}],"maxErrors":-1,"status":0,"QTime":3}}""";

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var request = new Request(
            context.Request.Method,
            context.Request.Path.Value!,
            context.Request.QueryString.Value ?? "",
            context.Request.ContentType,
            context.Request.ContentLength,
            await reader.ReadToEndAsync());
        Requests.Enqueue(request);
        var (status, body) = Answer(request);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }

    internal sealed record Request(string Method, string Path, string Query, string? ContentType, long? Length, string Body)
    {
        public IReadOnlyList<string> Ids()
        {
            using var json = JsonDocument.Parse(Body);
            return [.. json.RootElement.EnumerateArray().Select(document => document.GetProperty("id").GetString()!)];
        }
    }
}
