using Avro.Specific;
using Hybrid.Contracts;
using Hybrid.Contracts.Records;
using ApacheSchema = Avro.Schema;

namespace Hybrid.Pipeline.Avro.Confluent;

/// <summary>
/// A <see cref="CatalogDelta"/> as Apache Avro's specific reader and writer see it: fields by their position in the schema. Avro takes a
/// timestamp-millis as a <see cref="DateTime"/> and rounds it through a double, which is exact until the year 2426.
/// </summary>
internal sealed class CatalogDeltaRecord : ISpecificRecord
{
    private static readonly ApacheSchema Ours = ApacheSchema.Parse(ContractResources.CatalogDeltaSchema);
    private static readonly string[] KindSymbols = ["upsert", "delete", "signal"];

    private string _documentId = "";
    private DeltaKind _kind;
    private long _version;
    private DateTime _eventTime = DateTime.UnixEpoch;
    private string _partition = "";
    private string? _title;
    private string? _category;
    private double? _price;
    private long? _quantity;
    private string? _campaign;
    private IList<string> _related = [];

    /// <summary>The schema that everything is read into.</summary>
    public static ApacheSchema ReaderSchema => Ours;

    /// <inheritdoc/>
    public ApacheSchema Schema => Ours;

    /// <summary>Takes over a delta's fields, to be written.</summary>
    /// <param name="delta">The delta.</param>
    public void Set(CatalogDelta delta)
    {
        _documentId = delta.DocumentId;
        _kind = delta.Kind;
        _version = delta.Version;
        _eventTime = DateTime.UnixEpoch.AddTicks(delta.EventTimeMilliseconds * TimeSpan.TicksPerMillisecond);
        _partition = delta.Partition;
        _title = delta.Title;
        _category = delta.Category;
        _price = delta.Price;
        _quantity = delta.Quantity;
        _campaign = delta.Campaign;
        _related = delta.Related;
    }

    /// <summary>The delta that was read.</summary>
    public CatalogDelta ToDelta() => new()
    {
        DocumentId = _documentId,
        Kind = _kind,
        Version = _version,
        EventTimeMilliseconds = (_eventTime - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond,
        Partition = _partition,
        Title = _title,
        Category = _category,
        Price = _price,
        Quantity = _quantity,
        Campaign = _campaign,
        Related = _related.Count == 0 ? [] : [.. _related],
    };

    /// <inheritdoc/>
    public object? Get(int fieldPos) => fieldPos switch
    {
        0 => _documentId,
        1 => KindSymbols[(int)_kind],
        2 => _version,
        3 => _eventTime,
        4 => _partition,
        5 => _title,
        6 => _category,
        7 => _price,
        8 => _quantity,
        9 => _campaign,
        10 => _related,
        _ => throw new ArgumentOutOfRangeException(nameof(fieldPos), fieldPos, "CatalogDelta has no such field"),
    };

    /// <inheritdoc/>
    public void Put(int fieldPos, object? fieldValue)
    {
        switch (fieldPos)
        {
            case 0: _documentId = (string)fieldValue!; break;
            case 1: _kind = (DeltaKind)(int)fieldValue!; break;
            case 2: _version = (long)fieldValue!; break;
            case 3: _eventTime = (DateTime)fieldValue!; break;
            case 4: _partition = (string)fieldValue!; break;
            case 5: _title = (string?)fieldValue; break;
            case 6: _category = (string?)fieldValue; break;
            case 7: _price = (double?)fieldValue; break;
            case 8: _quantity = (long?)fieldValue; break;
            case 9: _campaign = (string?)fieldValue; break;
            case 10: _related = (IList<string>)fieldValue!; break;
            default: throw new ArgumentOutOfRangeException(nameof(fieldPos), fieldPos, "CatalogDelta has no such field");
        }
    }
}
