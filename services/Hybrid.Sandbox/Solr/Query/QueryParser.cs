namespace Hybrid.Sandbox.Solr.Query;

/// <summary>
/// The <c>lucene</c> query parser, and by local parameters <c>{!terms f=…}</c>, <c>{!term f=…}</c>, <c>{!field f=…}</c> and
/// <c>{!prefix f=…}</c>. What it does not know (boosts, fuzzy terms, proximity, regular expressions, functions) it refuses.
/// </summary>
internal sealed class QueryParser(FieldQueries fields)
{
    /// <summary>Parses a query.</summary>
    /// <param name="text">The query.</param>
    /// <param name="defaultField">The field of a term that names none, or null.</param>
    /// <param name="allByDefault">Whether terms without an operator must all match (<c>q.op=AND</c>).</param>
    /// <exception cref="SolrException">400: it cannot be parsed, or asks for what the sandbox does not implement.</exception>
    public IMatcher Parse(string text, string? defaultField = null, bool allByDefault = false)
    {
        if (!text.StartsWith("{!", StringComparison.Ordinal))
        {
            return new LuceneQuery(fields, text, defaultField, allByDefault).Parse();
        }

        var local = LocalParameters.Parse(text);
        var value = local.Value;
        switch (local.Type)
        {
            case "lucene":
                return new LuceneQuery(
                    fields,
                    value,
                    local.Get("df") ?? defaultField,
                    local.Get("q.op") is { } given ? IsAnd(given) : allByDefault).Parse();
            case "terms":
                var separator = local.Get("separator") ?? ",";
                var terms = separator == " "
                    ? value.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    : value.Split(separator, StringSplitOptions.TrimEntries);
                return value.Length == 0 ? new MatchNone() : fields.Terms(fields.Field(local.Require("f")), terms);
            case "term" or "raw":
                return fields.Terms(fields.Field(local.Require("f")), [value]);
            case "field":
                return fields.Phrase(fields.Field(local.Require("f")), value);
            case "prefix":
                return fields.Prefix(fields.Field(local.Require("f")), value);
            case var other:
                throw SolrException.Unsupported($"the query parser '{other}'");
        }
    }

    /// <summary>Reads <c>q.op</c>.</summary>
    public static bool IsAnd(string value) => value.ToUpperInvariant() switch
    {
        "AND" => true,
        "OR" => false,
        _ => throw SolrException.BadRequest($"Invalid value for q.op: {value}"),
    };
}
