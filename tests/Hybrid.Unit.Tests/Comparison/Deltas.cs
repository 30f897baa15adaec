using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Solr;

namespace Hybrid.Unit.Tests.Comparison;

/// <summary>Deltas and documents for tests.</summary>
internal static class Deltas
{
    public static CatalogDelta Upsert(string id, long version, string title = "a title", double price = 1.5) => new()
    {
        DocumentId = id,
        Kind = DeltaKind.Upsert,
        Version = version,
        EventTimeMilliseconds = 0,
        Partition = "2011-12-01T08:05Z",
        Title = title,
        Price = price,
    };

    public static CatalogDelta Delete(string id, long version) => Upsert(id, version) with { Kind = DeltaKind.Delete, Title = null, Price = null };

    public static CatalogDelta Signal(string id, long version) => Upsert(id, version) with { Kind = DeltaKind.Signal };

    public static IndexedDocument Document(string id, long? version, string? title = "a title", double? price = 1.5) =>
        new() { Id = id, AttributesVersion = version, Title = title, Price = price };

    public static IndexedDocument Tombstone(string id, long version) => new() { Id = id, AttributesVersion = version, Deleted = true };
}
