using Hybrid.Contracts.Records;

namespace Hybrid.Unit.Tests.Solr;

internal static class Deltas
{
    public static CatalogDelta Upsert(string id, long version = 1) => new()
    {
        DocumentId = id,
        Kind = DeltaKind.Upsert,
        Version = version,
        EventTimeMilliseconds = 1322726701234,
        Partition = "2011-12-01T08:05Z",
        Title = "a title",
    };

    public static CatalogDelta Delete(string id, long version = 1) => Upsert(id, version) with { Kind = DeltaKind.Delete };

    public static CatalogDelta[] Upserts(int count) => [.. Enumerable.Range(0, count).Select(i => Upsert($"d{i}"))];
}
