using System.Globalization;
using Hybrid.Sandbox.Solr.Config;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary>The parameters of a request, of its form and of its handler's configuration.</summary>
internal sealed class SolrParameters
{
    /// <summary>What any handler takes and the sandbox's answers do not depend on, or every answer does.</summary>
    private static readonly HashSet<string> Common = ["wt", "indent", "omitHeader", "echoParams", "json.nl", "version", "_", "distrib"];

    private readonly Dictionary<string, StringValues> _values = new(StringComparer.Ordinal);

    public SolrParameters(HttpRequest request, IEnumerable<KeyValuePair<string, StringValues>>? form = null)
    {
        foreach (var (name, values) in form is null ? request.Query : request.Query.Concat(form))
        {
            _values[name] = StringValues.Concat(_values.GetValueOrDefault(name), values);
        }
    }

    /// <summary>Lets a handler's configuration change them.</summary>
    public void Configure(RequestHandlerConfig handler)
    {
        foreach (var group in handler.Defaults.GroupBy(pair => pair.Key).Where(group => !_values.ContainsKey(group.Key)))
        {
            _values[group.Key] = group.Select(pair => pair.Value).ToArray();
        }

        foreach (var (name, value) in handler.Appends)
        {
            _values[name] = StringValues.Concat(_values.GetValueOrDefault(name), value);
        }

        foreach (var group in handler.Invariants.GroupBy(pair => pair.Key))
        {
            _values[group.Key] = group.Select(pair => pair.Value).ToArray();
        }
    }

    /// <exception cref="SolrException">400: there is one that the handler does not know.</exception>
    public void RequireKnown(string handler, IReadOnlySet<string> known)
    {
        foreach (var name in _values.Keys)
        {
            if (!known.Contains(name) && !Common.Contains(name))
            {
                throw SolrException.Unsupported($"the parameter '{name}' of {handler}");
            }
        }
    }

    public IEnumerable<KeyValuePair<string, StringValues>> All => _values;

    public string? Get(string name) => _values.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    public string[] GetAll(string name) => _values.GetValueOrDefault(name).Where(value => value is not null).ToArray()!;

    public string Require(string name) => Get(name) ?? throw SolrException.BadRequest($"Missing required parameter: {name}");

    public bool GetBoolean(string name, bool otherwise = false) => Get(name)?.ToLowerInvariant() switch
    {
        null => otherwise,
        "true" or "on" or "yes" => true,
        "false" or "off" or "no" => false,
        var other => throw SolrException.BadRequest($"invalid boolean value: {other}"),
    };

    public int GetInt32(string name, int otherwise)
    {
        if (Get(name) is not { } text)
        {
            return otherwise;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw SolrException.BadRequest($"For input string: \"{text}\"");
    }

    public long GetInt64(string name, long otherwise)
    {
        if (Get(name) is not { } text)
        {
            return otherwise;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw SolrException.BadRequest($"For input string: \"{text}\"");
    }
}
