using System.Collections.Immutable;
using Hybrid.Sandbox.Solr.Index;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary><c>/solr/admin/cores</c>: CREATE, UNLOAD, RELOAD and STATUS.</summary>
internal static class CoreAdminHandler
{
    private const string PropertyPrefix = "property.";

    private static readonly HashSet<string> Known =
        ["action", "name", "core", "configSet", "deleteIndex", "deleteDataDir", "deleteInstanceDir", "indexInfo"];

    public static async Task HandleAsync(HttpContext context, CoreContainer cores)
    {
        var parameters = await SelectHandler.ReadAsync(context).ConfigureAwait(false);
        try
        {
            SolrResponse.RequireKnownFormat(parameters);
            parameters.RequireKnown(
                "/admin/cores",
                Known.Concat(parameters.All.Select(pair => pair.Key).Where(IsProperty)).ToHashSet());
            var answer = await RunAsync(parameters, cores).ConfigureAwait(false);
            await SolrResponse.SendAsync(context, parameters, "json", null, null, answer).ConfigureAwait(false);
        }
        catch (SolrException exception)
        {
            await SolrResponse.SendAsync(context, parameters, "json", exception.Error, null, null).ConfigureAwait(false);
        }
    }

    private static async Task<Action<IResponseWriter>?> RunAsync(SolrParameters parameters, CoreContainer cores)
    {
        switch (parameters.Get("action")?.ToUpperInvariant() ?? "STATUS")
        {
            case "CREATE":
                var name = parameters.Require("name");
                cores.Create(new CoreDescriptor(name, parameters.Get("configSet") ?? string.Empty, Properties(parameters)));
                return writer => writer.String("core", name);
            case "UNLOAD":
                var delete = parameters.GetBoolean("deleteIndex")
                    || parameters.GetBoolean("deleteDataDir")
                    || parameters.GetBoolean("deleteInstanceDir");
                cores.Unload(parameters.Require("core"), delete);
                return null;
            case "RELOAD":
                await cores.ReloadAsync(parameters.Require("core")).ConfigureAwait(false);
                return null;
            case "STATUS":
                return writer => WriteStatus(writer, cores, parameters.Get("core"));
            case var action:
                throw SolrException.Unsupported($"the core action {action}");
        }
    }

    private static ImmutableSortedDictionary<string, string> Properties(SolrParameters parameters) => parameters.All
        .Where(pair => IsProperty(pair.Key))
        .ToImmutableSortedDictionary(pair => pair.Key[PropertyPrefix.Length..], pair => pair.Value.ToString());

    private static bool IsProperty(string name) => name.StartsWith(PropertyPrefix, StringComparison.Ordinal);

    private static void WriteStatus(IResponseWriter writer, CoreContainer cores, string? only)
    {
        writer.BeginObject("initFailures");
        writer.EndObject();
        writer.BeginObject("status");
        foreach (var name in only is null ? cores.Names : [only])
        {
            writer.BeginObject(name);
            if (cores.Find(name) is { } core)
            {
                WriteStatus(writer, core);
            }

            writer.EndObject();
        }

        writer.EndObject();
    }

    private static void WriteStatus(IResponseWriter writer, SolrCore core)
    {
        writer.String("name", core.Name);
        writer.String("instanceDir", core.Directory);
        writer.String("dataDir", Path.Combine(core.Directory, "data"));
        writer.String("config", "solrconfig.xml");
        writer.String("schema", "schema.xml");
        writer.Date("startTime", core.Started.ToUnixTimeMilliseconds());
        writer.Int64("uptime", (long)(DateTimeOffset.UtcNow - core.Started).TotalMilliseconds);
        writer.BeginObject("index");
        writer.Int32("numDocs", core.Index.Searcher.Count);
        writer.Int32("maxDoc", core.Index.Searcher.Count);
        writer.Int32("deletedDocs", 0);
        writer.EndObject();
    }
}
