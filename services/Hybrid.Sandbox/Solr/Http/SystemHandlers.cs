using System.Diagnostics;
using Hybrid.Sandbox.Solr.Config;
using Hybrid.Sandbox.Solr.Index;
using Hybrid.Sandbox.Solr.Query;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary>The small handlers: <c>/admin/ping</c>, <c>/admin/info/system</c>, and what is not there.</summary>
internal static class SystemHandlers
{
    /// <summary>The release whose behaviour the sandbox copies.</summary>
    private const string SpecVersion = "9.8.1";

    public static async Task PingAsync(HttpContext context, SolrCore core, RequestHandlerConfig handler)
    {
        var parameters = await SelectHandler.ReadAsync(context).ConfigureAwait(false);
        SolrError? error = null;
        try
        {
            parameters.Configure(handler);
            SolrResponse.RequireKnownFormat(parameters);
            KnownParameters.Ping.Require(parameters);
            error = Ping(core, parameters);
        }
        catch (SolrException exception)
        {
            error = exception.Error;
        }

        await SolrResponse.SendAsync(
            context,
            parameters,
            "json",
            error,
            error is null ? writer => writer.Null("zkConnected") : null,
            writer => writer.String("status", "OK")).ConfigureAwait(false);
    }

    /// <summary><c>/admin/info/health</c>.</summary>
    public static Task HealthAsync(HttpContext context) => SolrResponse.SendAsync(
        context, new SolrParameters(context.Request), "json", null, null, writer => writer.String("status", "OK"));

    /// <summary><c>/admin/file</c>: a file of the configset, as it is.</summary>
    public static async Task FileAsync(HttpContext context, SolrCore core)
    {
        var parameters = await SelectHandler.ReadAsync(context).ConfigureAwait(false);
        try
        {
            KnownParameters.File.Require(parameters);
            var name = parameters.Get("file") ?? throw SolrException.Unsupported("a listing of the configset's files");
            await using var file = CoreConfig.OpenFile(core.Descriptor.ConfigSet, name)
                ?? throw new SolrException(new SolrError(StatusCodes.Status404NotFound, $"Can not find: {name}"));
            context.Response.ContentType = parameters.Get("contentType") ?? "application/xml; charset=UTF-8";
            await file.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
        }
        catch (SolrException exception)
        {
            await SolrResponse.SendAsync(context, parameters, "json", exception.Error, null, null).ConfigureAwait(false);
        }
    }

    public static Task InfoAsync(HttpContext context) =>
        SolrResponse.SendAsync(context, new SolrParameters(context.Request), "json", null, null, writer =>
        {
            writer.String("mode", "std");
            writer.BeginObject("lucene");
            writer.String("solr-spec-version", SpecVersion);
            writer.String("solr-impl-version", $"{SpecVersion} Hybrid sandbox");
            writer.String("lucene-spec-version", "9.11.1");
            writer.String("lucene-impl-version", "9.11.1 Hybrid sandbox");
            writer.EndObject();
            writer.BeginObject("jvm");
            writer.String("version", $".NET {Environment.Version}");
            writer.Int32("processors", Environment.ProcessorCount);
            writer.BeginObject("memory");
            writer.Int64("used", GC.GetTotalMemory(forceFullCollection: false));
            writer.EndObject();
            writer.BeginObject("jmx");
            writer.Int64("upTimeMS", (long)(DateTime.Now - Process.GetCurrentProcess().StartTime).TotalMilliseconds);
            writer.EndObject();
            writer.EndObject();
        });

    /// <summary>Answers as the servlet container does where Solr has nothing: a page, not a Solr answer.</summary>
    public static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/html;charset=iso-8859-1";
        context.Response.Headers.CacheControl = "must-revalidate,no-cache,no-store";
        var path = System.Net.WebUtility.HtmlEncode(context.Request.Path);
        return context.Response.WriteAsync(
            $"""
            <html>
            <head>
            <meta http-equiv="Content-Type" content="text/html;charset=ISO-8859-1"/>
            <title>Error 404 Not Found</title>
            </head>
            <body><h2>HTTP ERROR 404 Not Found</h2>
            <table>
            <tr><th>URI:</th><td>{path}</td></tr>
            <tr><th>STATUS:</th><td>404</td></tr>
            <tr><th>MESSAGE:</th><td>Not Found</td></tr>
            <tr><th>SERVLET:</th><td>default</td></tr>
            </table>

            </body>
            </html>

            """,
            context.RequestAborted);
    }

    /// <summary>Refuses what Solr has and the sandbox does not.</summary>
    public static Task UnsupportedAsync(HttpContext context, string path) => SolrResponse.SendAsync(
        context, new SolrParameters(context.Request), "json", SolrError.Unsupported($"the handler {path}"), null, null);

    /// <summary>Answers <c>/solr/admin/collections</c> as a Solr without a cluster does.</summary>
    public static Task CollectionsAsync(HttpContext context) => SolrResponse.SendAsync(
        context,
        new SolrParameters(context.Request),
        "json",
        SolrError.BadRequest("Solr instance is not running in SolrCloud mode."),
        null,
        null);

    private static SolrError? Ping(SolrCore core, SolrParameters parameters)
    {
        switch (parameters.Get("action")?.ToUpperInvariant())
        {
            case null or "PING":
                break;
            case "STATUS":
                return new SolrError(StatusCodes.Status503ServiceUnavailable, "healthcheck not configured");
            case "ENABLE" or "DISABLE":
                return new SolrError(StatusCodes.Status503ServiceUnavailable, "No healthcheck file defined.");
            default:
                return SolrError.BadRequest($"Unknown action: {parameters.Get("action")}");
        }

        try
        {
            core.Queries.Parse(parameters.Get("q") ?? "*:*", parameters.Get("df"));
            return null;
        }
        catch (SolrException exception)
        {
            return new SolrError(StatusCodes.Status500InternalServerError, $"Ping query caused exception: {exception.Message}");
        }
    }
}
