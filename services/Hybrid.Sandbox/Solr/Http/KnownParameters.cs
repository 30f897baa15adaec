using System.Collections.Frozen;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary>
/// What a handler does with each parameter: serve it, take it because its value asks for nothing (<c>hl=false</c>) or cannot change an
/// answer here (<c>timeAllowed</c>), or refuse the request. There is no parameter that is ignored.
/// </summary>
internal sealed class KnownParameters
{
    /// <summary>What every handler serves.</summary>
    private static readonly FrozenSet<string> Everywhere = Set("wt", "indent", "omitHeader", "echoParams", "json.nl");

    /// <summary>What every handler takes, since it cannot change an answer of one process without shards.</summary>
    private static readonly FrozenSet<string> Harmless = Set(
        "_", "version", "distrib", "timeAllowed", "logParamsList", "preferLocalShards", "shards.tolerant", "shards.preference");

    /// <summary>What is taken with one of the values that ask for nothing.</summary>
    private static readonly FrozenDictionary<string, FrozenSet<string>> HarmlessValues = new Dictionary<string, FrozenSet<string>>
    {
        ["TZ"] = Set("UTC", "GMT", "Z", "GMT+0", "Etc/UTC"),
        ["debug"] = Set("false"),
        ["debugQuery"] = Set("false", "off", "no"),
        ["hl"] = Set("false", "off", "no"),
        ["group"] = Set("false", "off", "no"),
        ["mlt"] = Set("false", "off", "no"),
        ["spellcheck"] = Set("false", "off", "no"),
        ["terms"] = Set("false", "off", "no"),
        ["tv"] = Set("false", "off", "no"),
        ["expand"] = Set("false", "off", "no"),
        ["shards.info"] = Set("false", "off", "no"),
        ["segmentTerminateEarly"] = Set("false", "off", "no"),
        ["sow"] = Set("false", "off", "no"),
        ["overwrite"] = Set("true", "on", "yes"),
        ["compact"] = Set("true", "on", "yes"),
        ["prepareCommit"] = Set("false", "off", "no"),
    }.ToFrozenDictionary();

    private readonly string _handler;
    private readonly FrozenSet<string> _served;
    private readonly FrozenSet<string> _perField;

    private KnownParameters(string handler, FrozenSet<string> served, FrozenSet<string>? perField = null)
    {
        _handler = handler;
        _served = served;
        _perField = perField ?? [];
    }

    public static KnownParameters Select { get; } = new(
        "/select",
        Set(
            "q", "fq", "fl", "sort", "rows", "start", "cursorMark", "df", "q.op", "defType", "NOW", "json",
            "facet", "facet.field", "facet.query", "facet.limit", "facet.offset", "facet.mincount", "facet.sort", "facet.missing", "facet.prefix",
            "facet.contains", "facet.contains.ignoreCase", "facet.zeros", "facet.method", "facet.threads", "facet.enum.cache.minDf",
            "stats", "stats.field", "stats.calcdistinct"),
        Set(
            "facet.limit", "facet.offset", "facet.mincount", "facet.sort", "facet.missing", "facet.prefix", "facet.contains",
            "facet.contains.ignoreCase", "facet.zeros", "facet.method", "facet.enum.cache.minDf", "stats.calcdistinct"));

    public static KnownParameters Get { get; } = new("/get", Set("id", "ids", "fl"));

    public static KnownParameters Update { get; } = new(
        "/update",
        Set(
            "commit", "softCommit", "commitWithin", "openSearcher", "waitSearcher", "waitFlush", "expungeDeletes", "optimize", "maxSegments",
            "rollback", "update.chain", "versions", "_version_", "maxErrors", "json.command"));

    public static KnownParameters Ping { get; } = new("/admin/ping", Set("action", "q", "qt", "df"));

    public static KnownParameters Cores { get; } = new(
        "/admin/cores",
        Set("action", "name", "core", "other", "configSet", "deleteIndex", "deleteDataDir", "deleteInstanceDir", "indexInfo"));

    public static KnownParameters Schema { get; } = new("/schema", Set("fl", "includeDynamic"));

    public static KnownParameters File { get; } = new("/admin/file", Set("file", "contentType"));

    public static KnownParameters Metrics { get; } = new("/admin/metrics", Set("group", "registry", "prefix", "key"));

    public static KnownParameters None { get; } = new("this handler", Set());

    /// <summary>Requires that nothing is asked for that would be ignored.</summary>
    /// <param name="parameters">The request's.</param>
    /// <param name="handler">The handler's path, as the error names it.</param>
    /// <param name="except">A prefix of names that the handler checks itself, or null.</param>
    /// <exception cref="SolrException">400: there is one that the handler neither serves nor may take.</exception>
    public void Require(SolrParameters parameters, string? handler = null, string? except = null)
    {
        foreach (var (name, values) in parameters.All)
        {
            if (Knows(name) || (except is not null && name.StartsWith(except, StringComparison.Ordinal)))
            {
                continue;
            }

            if (!HarmlessValues.TryGetValue(name, out var harmless))
            {
                throw SolrException.Unsupported($"the parameter '{name}' of {handler ?? _handler}");
            }

            foreach (var value in values)
            {
                if (!harmless.Contains(value ?? string.Empty))
                {
                    throw SolrException.Unsupported($"{name}={value}");
                }
            }
        }
    }

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.Ordinal);

    private bool Knows(string name)
    {
        if (_served.Contains(name) || Everywhere.Contains(name) || Harmless.Contains(name))
        {
            return true;
        }

        if (_perField.Count == 0 || !name.StartsWith("f.", StringComparison.Ordinal))
        {
            return false;
        }

        var dot = name.IndexOf('.', 2);
        return dot > 0 && _perField.Contains(name[(dot + 1)..]);
    }
}
