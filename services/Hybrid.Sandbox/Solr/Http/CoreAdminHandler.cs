using System.Collections.Immutable;
using System.Globalization;
using Hybrid.Sandbox.Solr.Index;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary><c>/solr/admin/cores</c>: CREATE, UNLOAD, RELOAD, SWAP and STATUS.</summary>
internal static class CoreAdminHandler
{
    private const string PropertyPrefix = "property.";

    public static async Task HandleAsync(HttpContext context, CoreContainer cores)
    {
        var parameters = await SelectHandler.ReadAsync(context).ConfigureAwait(false);
        try
        {
            SolrResponse.RequireKnownFormat(parameters);
            KnownParameters.Cores.Require(parameters, except: PropertyPrefix);
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
            case "SWAP":
                cores.Swap(parameters.Require("core"), parameters.Require("other"));
                return null;
            case "STATUS":
                return writer => WriteStatus(writer, cores, parameters.Get("core"), parameters.GetBoolean("indexInfo", true));
            case var action:
                throw SolrException.Unsupported($"the core action {action}");
        }
    }

    private static ImmutableSortedDictionary<string, string> Properties(SolrParameters parameters) => parameters.All
        .Where(pair => IsProperty(pair.Key))
        .ToImmutableSortedDictionary(pair => pair.Key[PropertyPrefix.Length..], pair => pair.Value.ToString());

    private static bool IsProperty(string name) => name.StartsWith(PropertyPrefix, StringComparison.Ordinal);

    private static void WriteStatus(IResponseWriter writer, CoreContainer cores, string? only, bool withIndex)
    {
        writer.BeginObject("initFailures");
        writer.EndObject();
        writer.BeginObject("status");
        foreach (var name in only is null ? cores.Names : [only])
        {
            writer.BeginObject(name);
            if (cores.Find(name) is { } core)
            {
                WriteStatus(writer, core, withIndex);
            }

            writer.EndObject();
        }

        writer.EndObject();
    }

    private static void WriteStatus(IResponseWriter writer, SolrCore core, bool withIndex)
    {
        writer.String("name", core.Name);
        writer.String("instanceDir", core.Directory);
        writer.String("dataDir", core.Index.Directory + Path.DirectorySeparatorChar);
        writer.String("config", "solrconfig.xml");
        writer.String("schema", "schema.xml");
        writer.Date("startTime", core.Started.ToUnixTimeMilliseconds());
        writer.Int64("uptime", (long)(DateTimeOffset.UtcNow - core.Started).TotalMilliseconds);
        if (withIndex)
        {
            WriteIndex(writer, core);
        }
    }

    /// <summary>The index as one segment without deletions, which it is as far as can be seen.</summary>
    private static void WriteIndex(IResponseWriter writer, SolrCore core)
    {
        var index = core.Index;
        var searcher = index.Searcher;
        writer.BeginObject("index");
        writer.Int32("numDocs", searcher.Count);
        writer.Int32("maxDoc", searcher.Count);
        writer.Int32("deletedDocs", 0);
        writer.Int64("version", searcher.Generation);
        writer.Int32("segmentCount", searcher.Count == 0 ? 0 : 1);
        writer.Boolean("current", !index.HasPending);
        writer.Boolean("hasDeletions", false);
        writer.String("directory", index.Directory);
        writer.BeginObject("userData");
        writer.EndObject();
        if (searcher.ShownAt > 0)
        {
            writer.Date("lastModified", searcher.ShownAt);
        }

        writer.Int64("sizeInBytes", index.Bytes);
        writer.String("size", ReadableSize(index.Bytes));
        writer.EndObject();
    }

    private static string ReadableSize(long bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.##} GB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.##} MB"),
        >= 1L << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 10):0.##} KB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
    };
}
