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

    private AttributesFamily()
    {
    }

    public override string Chain => UpdateChains.Attributes;

    public override string IdOf(CatalogDelta item) => item.DocumentId;

    public override string? Unwritable(CatalogDelta item) => AttributesFields.Unwritable(item.Kind, item.Price, item.EventTimeMilliseconds);

    public override void Write(IUpdateSink sink, CatalogDelta item)
    {
        var upsert = item.Kind == DeltaKind.Upsert;
        sink.Id(item.DocumentId);
        sink.Version(AttributesFields.Version, item.Version);
        sink.Set(AttributesFields.Title, upsert ? item.Title : null);
        sink.Set(AttributesFields.Category, upsert ? item.Category : null);
        sink.Set(AttributesFields.Price, upsert ? item.Price : null);
        sink.Set(AttributesFields.Quantity, upsert ? item.Quantity : null);
        sink.Set(AttributesFields.Campaign, upsert ? item.Campaign : null);
        sink.Set(AttributesFields.Deleted, upsert ? null : true);
        sink.Set(AttributesFields.Partition, item.Partition);
        Span<char> instant = stackalloc char[AttributesFields.InstantLength];
        AttributesFields.Instant(item.EventTimeMilliseconds, instant);
        sink.Set(AttributesFields.EventTime, instant);
    }
}
