using System.Text;
using Hybrid.Sandbox.Solr.Index;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Query.Facets;

/// <summary><c>facet.field</c>: how many of the hits have each value of a field; of a text field, each token.</summary>
internal sealed class FieldFacet : IHitCollector
{
    private readonly CoreSchema _schema;
    private readonly SchemaField _field;
    private readonly FacetOptions _options;
    private readonly Dictionary<byte[], int> _counts = new(new Utf8Comparer());
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _countsBySpan;
    private readonly HashSet<byte[]> _seen = new(new Utf8Comparer());

    /// <exception cref="SolrException">400: the field's type cannot do what is asked.</exception>
    public FieldFacet(string key, CoreSchema schema, SchemaField field, FacetOptions options)
    {
        if (field.IsNumeric && (options.Prefix ?? options.Contains) is not null)
        {
            throw SolrException.BadRequest(options.Prefix is not null
                ? "facet.prefix is not supported on numeric types"
                : "BytesRef term filters (facet.matches, facet.contains, facet.excludeTerms) are not supported on numeric types");
        }

        Key = key;
        _schema = schema;
        _field = field;
        _options = field.IsNumeric ? options with { MinCount = Math.Max(1, options.MinCount) } : options;
        _countsBySpan = _counts.GetAlternateLookup<ReadOnlySpan<byte>>();
        Warning = field.IsNumeric && options.MinCount <= 0
            ? $"Raising facet.mincount from {options.MinCount} to 1, because field {field.Name} is Points-based."
            : null;
    }

    /// <summary>What the answer calls it.</summary>
    public string Key { get; }

    /// <summary>What the answer's header says of it, or null.</summary>
    public string? Warning { get; }

    /// <summary>How many hits have no value; null when that was not asked.</summary>
    public int? Missing => _options.Missing ? MissingCount : null;

    private int MissingCount { get; set; }

    public void Collect(in StoredDocument document, bool isHit)
    {
        if (!isHit && _options.MinCount > 0)
        {
            return;
        }

        if (!document.TryGetAll(_schema, _field, out var values))
        {
            MissingCount += isHit ? 1 : 0;
            return;
        }

        _seen.Clear();
        foreach (var value in values)
        {
            if (_field.Kind == FieldKind.Text)
            {
                foreach (var token in Analyzer.Tokens(value))
                {
                    Count(Encoding.UTF8.GetBytes(token), isHit, isRepeatable: true);
                }
            }
            else
            {
                Count(value, isHit, _field.MultiValued);
            }
        }
    }

    /// <summary>The terms and their counts, as the options want them.</summary>
    public IEnumerable<(string Term, int Count)> Terms()
    {
        var terms = _counts
            .Where(pair => pair.Value >= _options.MinCount && IsWanted(pair.Key))
            .Order(Comparer<KeyValuePair<byte[], int>>.Create(Compare))
            .Skip(_options.Offset);
        return (_options.Limit < 0 ? terms : terms.Take(_options.Limit)).Select(pair => (ValueText.Of(_field.Kind, pair.Key), pair.Value));
    }

    private void Count(ReadOnlySpan<byte> value, bool isHit, bool isRepeatable)
    {
        if (isRepeatable && !_seen.Add(value.ToArray()))
        {
            return;
        }

        _countsBySpan.TryGetValue(value, out var count);
        _countsBySpan[value] = count + (isHit ? 1 : 0);
    }

    private int Compare(KeyValuePair<byte[], int> left, KeyValuePair<byte[], int> right)
    {
        var order = _options.ByCount ? right.Value.CompareTo(left.Value) : 0;
        return order != 0 ? order : StoredOrder.Compare(_field.Kind, left.Key, right.Key);
    }

    private bool IsWanted(byte[] term)
    {
        if (_options.Prefix is null && _options.Contains is null)
        {
            return true;
        }

        var text = ValueText.Of(_field.Kind, term);
        return (_options.Prefix is null || text.StartsWith(_options.Prefix, StringComparison.Ordinal))
            && (_options.Contains is null || text.Contains(
                _options.Contains,
                _options.ContainsIgnoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal));
    }
}
