using Hybrid.Sandbox.Solr.Query;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary><c>fl</c>: which fields of a document are returned.</summary>
internal sealed class FieldList
{
    private readonly bool[] _returned;

    /// <exception cref="SolrException">400: it asks for a score, a function, an alias or a transformer.</exception>
    public FieldList(IReadOnlyCollection<string> parameters, CoreSchema schema)
    {
        var items = parameters
            .SelectMany(list => list.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
            .ToList();
        var patterns = items.Select(Pattern).ToList();
        _returned = schema.Fields
            .Select(field => field.IsReadable && (patterns.Count == 0 || patterns.Exists(pattern => pattern.IsMatch(field.Name))))
            .ToArray();
    }

    public bool Returns(SchemaField field) => _returned[field.Ordinal];

    private static WildcardPattern Pattern(string item)
    {
        if (item == "score" || item.AsSpan().IndexOfAny("()[]:") >= 0)
        {
            throw SolrException.Unsupported($"'{item}' in fl");
        }

        return WildcardPattern.Parse(item);
    }
}
