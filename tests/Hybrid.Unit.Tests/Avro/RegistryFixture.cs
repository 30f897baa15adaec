using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hybrid.Unit.Tests.Avro;

/// <summary>A registry on a real socket that holds what a test puts into it and can refuse.</summary>
internal sealed class RegistryFixture : IAsyncDisposable
{
    private readonly List<string> _schemas = [];
    private WebApplication _application = null!;

    public string Address => _application.Urls.Single();

    public (HttpStatusCode Status, string Body)? RefuseWith { get; set; }

    public int Add(string schema)
    {
        lock (_schemas)
        {
            var at = _schemas.IndexOf(schema);
            if (at < 0)
            {
                _schemas.Add(schema);
                at = _schemas.Count - 1;
            }

            return at + 1;
        }
    }

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.MapPost("/subjects/{subject}/versions", async (HttpRequest request) =>
        {
            if (RefuseWith is var (status, body))
            {
                return Results.Text(body, "application/vnd.schemaregistry.v1+json", statusCode: (int)status);
            }

            var posted = await JsonNode.ParseAsync(request.Body);
            return Results.Json(new { id = Add(posted!["schema"]!.GetValue<string>()) });
        });
        _application.MapGet("/schemas/ids/{id:int}", (int id) => Schema(id));
        _application.MapGet("/subjects/{subject}/versions", () => Enumerable.Range(1, _schemas.Count));
        _application.MapGet("/subjects/{subject}/versions/{version:int}", (int version) => Schema(version));
        await _application.StartAsync();
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private IResult Schema(int id)
    {
        lock (_schemas)
        {
            return id >= 1 && id <= _schemas.Count
                ? Results.Text(JsonSerializer.Serialize(new { schema = _schemas[id - 1] }), "application/json")
                : Results.Text("""{"error_code":40403,"message":"Schema not found"}""", "application/json", statusCode: 404);
        }
    }
}
