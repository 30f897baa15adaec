using System.Text;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Search;
using Hybrid.Pipeline.Avro;

namespace Hybrid.Pipeline.Solr.Updates;

/// <summary>What <see cref="AttributesFamily"/> writes, of deltas that are bytes still: their texts go from there to the request.</summary>
internal sealed class EncodedAttributesFamily : UpdateFamily<EncodedDelta>
{
    public static readonly EncodedAttributesFamily Instance = new();

    private EncodedAttributesFamily()
    {
    }

    public override string Chain => UpdateChains.Attributes;

    public override string IdOf(EncodedDelta item) => Encoding.UTF8.GetString(item.DocumentId.Span);

    public override string? Unwritable(EncodedDelta item)
    {
        if (item.IsWritable)
        {
            return null;
        }

        var fields = item.Fields;
        return AttributesFields.Unwritable(fields.Kind, fields.Price, fields.EventTimeMilliseconds);
    }

    public override void Write(IUpdateSink sink, EncodedDelta item)
    {
        var fields = item.Fields;
        var upsert = fields.Kind == DeltaKind.Upsert;
        sink.Id(fields.DocumentId);
        sink.Version(AttributesFields.Version, fields.Version);
        sink.Set(AttributesFields.Title, upsert ? fields.Title : default);
        sink.Set(AttributesFields.Category, upsert ? fields.Category : default);
        sink.Set(AttributesFields.Price, upsert ? fields.Price : null);
        sink.Set(AttributesFields.Quantity, upsert ? fields.Quantity : null);
        sink.Set(AttributesFields.Campaign, upsert ? fields.Campaign : default);
        sink.Set(AttributesFields.Deleted, upsert ? null : true);
        sink.Set(AttributesFields.Partition, new OptionalText(true, fields.Partition));
        Span<char> instant = stackalloc char[AttributesFields.InstantLength];
        AttributesFields.Instant(fields.EventTimeMilliseconds, instant);
        sink.Set(AttributesFields.EventTime, instant);
    }
}
