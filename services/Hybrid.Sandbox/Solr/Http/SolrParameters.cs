using System.Globalization;
using Hybrid.Sandbox.Solr.Config;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary>The parameters of a request, of its form or JSON body and of its handler's configuration, in that order.</summary>
internal sealed class SolrParameters
{
    private readonly OrderedDictionary<string, StringValues> _values = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<string, StringValues>> _given;

    public SolrParameters(HttpRequest request, IEnumerable<KeyValuePair<string, StringValues>>? form = null)
    {
        foreach (var (name, values) in form is null ? request.Query : request.Query.Concat(form))
        {
            _values[name] = StringValues.Concat(_values.GetValueOrDefault(name), values);
        }

        _given = [.. _values];
    }

    /// <summary>What the request itself gave, without its handler's configuration.</summary>
    public IReadOnlyList<KeyValuePair<string, StringValues>> Given => _given;

    /// <summary>What holds.</summary>
    public IEnumerable<KeyValuePair<string, StringValues>> All => _values;

    /// <summary>Lets a handler's configuration change them.</summary>
    public void Configure(RequestHandlerConfig handler)
    {
        foreach (var group in handler.Defaults.GroupBy(pair => pair.Key).Where(group => !_values.ContainsKey(group.Key)))
        {
            _values[group.Key] = group.Select(pair => pair.Value).ToArray();
        }

        foreach (var (name, value) in handler.Appends)
        {
            Add(name, value);
        }

        foreach (var group in handler.Invariants.GroupBy(pair => pair.Key))
        {
            _values[group.Key] = group.Select(pair => pair.Value).ToArray();
        }
    }

    /// <summary>Notes a body, as <c>echoParams</c> shows it.</summary>
    public void AddBody(string name, string text) => _given.Add(KeyValuePair.Create(name, new StringValues(text)));

    /// <summary>Adds a value to those that there are.</summary>
    public void Add(string name, string value) => _values[name] = StringValues.Concat(_values.GetValueOrDefault(name), value);

    /// <summary>Replaces the values that there are.</summary>
    public void Set(string name, StringValues values) => _values[name] = values;

    public bool Contains(string name) => _values.ContainsKey(name);

    public string? Get(string name) => _values.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    /// <summary>A parameter that may be given for one field alone: <c>f.FIELD.NAME</c> before <c>NAME</c>.</summary>
    public string? Get(string field, string name) => Get($"f.{field}.{name}") ?? Get(name);

    public string[] GetAll(string name) => _values.GetValueOrDefault(name).Where(value => value is not null).ToArray()!;

    public string Require(string name) => Get(name) ?? throw SolrException.BadRequest($"Missing required parameter: {name}");

    public bool GetBoolean(string name, bool otherwise = false) => ParseBoolean(Get(name)) ?? otherwise;

    public int GetInt32(string name, int otherwise) => ParseInt32(Get(name)) ?? otherwise;

    public long GetInt64(string name, long otherwise)
    {
        if (Get(name) is not { } text)
        {
            return otherwise;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : throw NotANumber(text);
    }

    /// <summary>A boolean as Solr reads it, null for null.</summary>
    /// <exception cref="SolrException">400: it is none.</exception>
    public static bool? ParseBoolean(string? text) => text?.ToLowerInvariant() switch
    {
        null => null,
        "true" or "on" or "yes" => true,
        "false" or "off" or "no" => false,
        var other => throw SolrException.BadRequest($"invalid boolean value: {other}"),
    };

    /// <summary>A number, null for null.</summary>
    /// <exception cref="SolrException">400: it is none.</exception>
    public static int? ParseInt32(string? text) =>
        text is null ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value
        : throw NotANumber(text);

    private static SolrException NotANumber(string text) =>
        new(SolrError.BadRequest($"For input string: \"{text}\"", JavaClasses.NumberFormat));
}
