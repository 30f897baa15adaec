using System.Diagnostics;
using Hybrid.Sandbox.Solr.Index;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.Solr.Http;

using Metric = (string Name, Action<IResponseWriter, string> Write);

/// <summary><c>/admin/metrics</c>: what is counted here under the names that Solr 9 gives it; what is not measured is absent.</summary>
internal static class MetricsHandler
{
    private const string CorePrefix = "solr.core.";

    public static async Task HandleAsync(HttpContext context, CoreContainer cores, long coreAdminRequests)
    {
        var parameters = await SelectHandler.ReadAsync(context).ConfigureAwait(false);
        try
        {
            SolrResponse.RequireKnownFormat(parameters);
            KnownParameters.Metrics.Require(parameters);
            var registries = Registries(cores, coreAdminRequests).ToList();
            var keys = parameters.GetAll("key");
            var body = keys.Length > 0 ? ByKey(registries, keys) : ByRegistry(registries, parameters);
            await SolrResponse.SendAsync(context, parameters, "json", null, null, body).ConfigureAwait(false);
        }
        catch (SolrException exception)
        {
            await SolrResponse.SendAsync(context, parameters, "json", exception.Error, null, null).ConfigureAwait(false);
        }
    }

    private static Action<IResponseWriter> ByRegistry(List<(string Name, List<Metric> Metrics)> registries, SolrParameters parameters)
    {
        var groups = Lists(parameters, "group");
        var names = Lists(parameters, "registry");
        var prefixes = Lists(parameters, "prefix");
        bool IsWanted(string registry) =>
            (groups.Count == 0 && names.Count == 0)
            || groups.Contains("all")
            || names.Contains(registry)
            || groups.Exists(group => registry == $"solr.{group}" || registry.StartsWith($"solr.{group}.", StringComparison.Ordinal));

        return writer =>
        {
            writer.BeginObject("metrics");
            foreach (var (registry, metrics) in registries.Where(registry => IsWanted(registry.Name)))
            {
                var wanted = metrics
                    .Where(metric => prefixes.Count == 0 || prefixes.Exists(prefix => metric.Name.StartsWith(prefix, StringComparison.Ordinal)))
                    .ToList();
                if (wanted.Count == 0)
                {
                    continue;
                }

                writer.BeginObject(registry);
                wanted.ForEach(metric => metric.Write(writer, metric.Name));
                writer.EndObject();
            }

            writer.EndObject();
        };
    }

    private static Action<IResponseWriter> ByKey(List<(string Name, List<Metric> Metrics)> registries, string[] keys)
    {
        var found = new List<(string Key, Action<IResponseWriter, string> Write)>();
        var errors = new List<(string Key, string Message)>();
        foreach (var key in keys)
        {
            if (key.Split(':') is not [var registry, var name])
            {
                throw SolrException.Unsupported($"key={key}, other than registry:metric,");
            }

            var metrics = registries.Find(candidate => candidate.Name == registry).Metrics;
            if (metrics is null)
            {
                errors.Add((key, $"registry '{registry}' not found"));
            }
            else if (metrics.Find(metric => metric.Name == name).Write is { } write)
            {
                found.Add((key, write));
            }
            else
            {
                errors.Add((key, $"metric '{name}' not found"));
            }
        }

        return writer =>
        {
            writer.BeginObject("metrics");
            found.ForEach(metric => metric.Write(writer, metric.Key));
            writer.EndObject();
            if (errors.Count > 0)
            {
                writer.BeginObject("errors");
                errors.ForEach(error => writer.String(error.Key, error.Message));
                writer.EndObject();
            }
        };
    }

    private static IEnumerable<(string Name, List<Metric> Metrics)> Registries(CoreContainer cores, long coreAdminRequests)
    {
        foreach (var core in cores.Names.Select(cores.Find).OfType<SolrCore>())
        {
            yield return (CorePrefix + core.Name, OfCore(core).OrderBy(metric => metric.Name, StringComparer.Ordinal).ToList());
        }

        yield return ("solr.jvm", [Number("memory.heap.used", GC.GetTotalMemory(forceFullCollection: false)), Number("os.processCpuTime", CpuNanoseconds())]);
        yield return ("solr.node", [Number("ADMIN./admin/cores.requests", coreAdminRequests), Number("CONTAINER.cores.loaded", cores.Names.Count)]);
    }

    private static IEnumerable<Metric> OfCore(SolrCore core)
    {
        foreach (var tally in core.Tallies)
        {
            var name = $"{Category(tally.Path)}.{tally.Path}";
            yield return Count($"{name}.clientErrors", tally.ClientErrors);
            yield return Count($"{name}.errors", tally.ClientErrors + tally.ServerErrors);
            yield return Count($"{name}.requestTimes", tally.Requests);
            yield return Number($"{name}.requests", tally.Requests);
            yield return Count($"{name}.serverErrors", tally.ServerErrors);
            yield return Count($"{name}.timeouts", 0);
            yield return Number($"{name}.totalTime", (long)tally.TotalTime.TotalNanoseconds);
        }

        var updates = core.Index.Tally;
        yield return Number("UPDATE.updateHandler.autoCommits", core.AutoCommits);
        yield return Count("UPDATE.updateHandler.commits", core.Commits);
        yield return Count("UPDATE.updateHandler.cumulativeAdds", updates.Adds);
        yield return Count("UPDATE.updateHandler.cumulativeDeletesById", updates.DeletesById);
        yield return Count("UPDATE.updateHandler.cumulativeDeletesByQuery", updates.DeletesByQuery);
        yield return Count("UPDATE.updateHandler.rollbacks", updates.Rollbacks);
        yield return Number("UPDATE.updateHandler.softAutoCommits", core.SoftAutoCommits);
        yield return Number("INDEX.sizeInBytes", core.Index.Bytes);
        yield return Number("SEARCHER.searcher.deletedDocs", 0);
        yield return Number("SEARCHER.searcher.maxDoc", core.Index.Searcher.Count);
        yield return Number("SEARCHER.searcher.numDocs", core.Index.Searcher.Count);
        yield return ("CORE.coreName", (writer, name) => writer.String(name, core.Name));
        yield return ("CORE.startTime", (writer, name) => writer.Date(name, core.Started.ToUnixTimeMilliseconds()));
    }

    private static string Category(string path) =>
        path.StartsWith("/update", StringComparison.Ordinal) ? "UPDATE"
        : path.StartsWith("/admin", StringComparison.Ordinal) || path.StartsWith("/schema", StringComparison.Ordinal) ? "ADMIN"
        : "QUERY";

    private static Metric Number(string name, long value) => (name, (writer, key) => writer.Int64(key, value));

    private static Metric Count(string name, long value) => (name, (writer, key) =>
    {
        writer.BeginObject(key);
        writer.Int64("count", value);
        writer.EndObject();
    });

    private static long CpuNanoseconds()
    {
        using var process = Process.GetCurrentProcess();
        return (long)process.TotalProcessorTime.TotalNanoseconds;
    }

    private static List<string> Lists(SolrParameters parameters, string name) =>
        parameters.GetAll(name).SelectMany(list => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
}
