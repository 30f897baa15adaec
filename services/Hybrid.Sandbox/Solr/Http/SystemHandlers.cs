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
        parameters.Configure(handler);
        SolrError? error = null;
        try
        {
            core.Queries.Parse(parameters.Get("q") ?? "*:*");
        }
        catch (SolrException exception)
        {
            error = exception.Error;
        }

        await SolrResponse.SendAsync(context, parameters, "json", error, null, writer => writer.String("status", "OK")).ConfigureAwait(false);
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
        var path = System.Net.WebUtility.HtmlEncode(context.Request.Path);
        return context.Response.WriteAsync(
            $"""
            <html>
            <head><title>Error 404 Not Found</title></head>
            <body><h2>HTTP ERROR 404 Not Found</h2>
            <table><tr><th>URI:</th><td>{path}</td></tr><tr><th>STATUS:</th><td>404</td></tr><tr><th>MESSAGE:</th><td>Not Found</td></tr></table>
            </body>
            </html>

            """,
            context.RequestAborted);
    }

    /// <summary>Answers <c>/solr/admin/collections</c> as a Solr without a cluster does.</summary>
    public static Task CollectionsAsync(HttpContext context) => SolrResponse.SendAsync(
        context,
        new SolrParameters(context.Request),
        "json",
        SolrError.BadRequest("Solr instance is not running in SolrCloud mode."),
        null,
        null);
}
