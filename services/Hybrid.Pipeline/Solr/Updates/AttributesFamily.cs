using System.Globalization;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Search;

namespace Hybrid.Pipeline.Solr.Updates;

/// <summary>
/// Upserts and deletes: every attribute is set, and null clears it. A delete is a tombstone that keeps where it came from, so that it can
/// be purged by age.
/// </summary>
internal sealed class AttributesFamily : UpdateFamily<CatalogDelta>
{
    public static readonly AttributesFamily Instance = new();

    private readonly UpdateField _version = new(SolrFields.AttributesVersion);
    private readonly UpdateField _title = new(SolrFields.Title);
    private readonly UpdateField _category = new(SolrFields.Category);
    private readonly UpdateField _price = new(SolrFields.Price);
    private readonly UpdateField _quantity = new(SolrFields.Quantity);
    private readonly UpdateField _campaign = new(SolrFields.Campaign);
    private readonly UpdateField _deleted = new(SolrFields.Deleted);
    private readonly UpdateField _partition = new(SolrFields.Partition);
    private readonly UpdateField _eventTime = new(SolrFields.EventTime);

    private AttributesFamily()
    {
    }

    public override string Chain => UpdateChains.Attributes;

    public override string IdOf(CatalogDelta item) => item.DocumentId;

    public override string? Unwritable(CatalogDelta item)
    {
        if (item.Kind is not (DeltaKind.Upsert or DeltaKind.Delete))
        {
            return $"a delta of kind {item.Kind} carries no attributes";
        }

        if (item.Kind == DeltaKind.Upsert && item.Price is { } price && !double.IsFinite(price))
        {
            return string.Create(CultureInfo.InvariantCulture, $"the price is {price}, which is not a number");
        }

        return item.EventTimeMilliseconds is < -62135596800000 or > 253402300799999
            ? $"the event time {item.EventTimeMilliseconds} ms is outside the years 1 to 9999"
            : null;
    }

    public override void Write(IUpdateSink sink, CatalogDelta item)
    {
        var upsert = item.Kind == DeltaKind.Upsert;
        sink.Id(item.DocumentId);
        sink.Version(_version, item.Version);
        sink.Set(_title, upsert ? item.Title : null);
        sink.Set(_category, upsert ? item.Category : null);
        sink.Set(_price, upsert ? item.Price : null);
        sink.Set(_quantity, upsert ? item.Quantity : null);
        sink.Set(_campaign, upsert ? item.Campaign : null);
        sink.Set(_deleted, upsert ? null : true);
        sink.Set(_partition, item.Partition);
        Span<char> instant = stackalloc char[24];
        DateTimeOffset.FromUnixTimeMilliseconds(item.EventTimeMilliseconds)
            .TryFormat(instant, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        sink.Set(_eventTime, instant[..length]);
    }
}
