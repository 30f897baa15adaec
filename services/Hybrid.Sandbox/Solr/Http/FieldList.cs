using Hybrid.Sandbox.Solr.Query;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary><c>fl</c>: which fields of a document are returned.</summary>
internal sealed class FieldList
{
    /// <summary>What a hit's score is called.</summary>
    public const string Score = "score";

    private readonly bool[] _returned;

    /// <exception cref="SolrException">400: it asks for a function, an alias or a transformer.</exception>
    public FieldList(IReadOnlyCollection<string> parameters, CoreSchema schema)
    {
        var items = parameters
            .SelectMany(list => list.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
            .ToList();
        ReturnsScore = items.Remove(Score);
        if (ReturnsScore && items.Count == 0)
        {
            items.Add("*");
        }

        var patterns = items.Select(Pattern).ToList();
        _returned = schema.Fields
            .Select(field => field.IsReadable && (patterns.Count == 0 || patterns.Exists(pattern => pattern.IsMatch(field.Name))))
            .ToArray();
    }

    /// <summary>Whether the score is returned too.</summary>
    public bool ReturnsScore { get; }

    public bool Returns(SchemaField field) => _returned[field.Ordinal];

    private static WildcardPattern Pattern(string item)
    {
        if (item.AsSpan().IndexOfAny("()[]:") >= 0)
        {
            throw SolrException.Unsupported($"'{item}' in fl");
        }

        return WildcardPattern.Parse(item);
    }
}
