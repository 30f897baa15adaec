using System.Text;
using Hybrid.Sandbox.Solr.Index;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Query.Stats;

/// <summary><c>stats.field</c>: the statistics of a field's values over the hits. Numbers are taken for doubles, as Solr takes them.</summary>
internal sealed class FieldStats : IHitCollector
{
    private readonly CoreSchema _schema;
    private readonly HashSet<byte[]>? _distinct;

    /// <exception cref="SolrException">400: the field's type has no statistics.</exception>
    public FieldStats(string key, CoreSchema schema, SchemaField field, StatsSelection selection)
    {
        if (field.Kind is FieldKind.Text or FieldKind.Boolean)
        {
            throw SolrException.BadRequest($"Field type {field.TypeName} is not currently supported");
        }

        Key = key;
        Field = field;
        Selection = selection;
        _schema = schema;
        _distinct = (selection & StatsSelection.Distinct) == 0 ? null : new HashSet<byte[]>(new Utf8Comparer());
    }

    /// <summary>What the answer calls it.</summary>
    public string Key { get; }

    public SchemaField Field { get; }

    public StatsSelection Selection { get; }

    /// <summary>How many values there are.</summary>
    public long Count { get; private set; }

    /// <summary>How many hits have none.</summary>
    public long Missing { get; private set; }

    public double Sum { get; private set; }

    public double SumOfSquares { get; private set; }

    /// <summary>The least value as stored, or null when there is none.</summary>
    public byte[]? Min { get; private set; }

    /// <summary>The greatest value as stored, or null when there is none.</summary>
    public byte[]? Max { get; private set; }

    public double StdDev => Count <= 1 ? 0 : Math.Sqrt(((Count * SumOfSquares) - (Sum * Sum)) / (Count * (Count - 1.0)));

    /// <summary>The different values in their order, when they were asked for.</summary>
    public IReadOnlyList<byte[]> Distinct =>
        (_distinct ?? []).Order(Comparer<byte[]>.Create((left, right) => Compare(left, right))).ToList();

    public void Collect(in StoredDocument document, bool isHit)
    {
        if (!isHit)
        {
            return;
        }

        if (!document.TryGetAll(_schema, Field, out var values))
        {
            Missing++;
            return;
        }

        foreach (var value in values)
        {
            Collect(value);
        }
    }

    private void Collect(ReadOnlySpan<byte> value)
    {
        Count++;
        if (Min is null || Compare(value, Min) < 0)
        {
            Min = value.ToArray();
        }

        if (Max is null || Compare(value, Max) > 0)
        {
            Max = value.ToArray();
        }

        if (Field.IsNumeric)
        {
            var number = Field.Kind == FieldKind.Double ? StoredValue.AsDouble(value) : StoredValue.AsLong(value);
            Sum += number;
            SumOfSquares += number * number;
        }

        if (_distinct is not null && !_distinct.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(value))
        {
            _distinct.Add(value.ToArray());
        }
    }

    /// <summary>As Java compares: strings by their UTF-16 code units.</summary>
    private int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => Field.IsText
        ? string.CompareOrdinal(Encoding.UTF8.GetString(left), Encoding.UTF8.GetString(right))
        : StoredOrder.Compare(Field.Kind, left, right);
}
