using Hybrid.Contracts.Records;

namespace Hybrid.Sandbox.Tests.Adapters;

internal static class Deltas
{
    public static CatalogDelta Upsert(string id, long version = 1) => new()
    {
        DocumentId = id,
        Kind = DeltaKind.Upsert,
        Version = version,
        EventTimeMilliseconds = 1322726701234,
        Partition = "2011-12-01T08:05Z",
        Title = $"title {version}",
        Category = "mugs",
        Price = 2.55,
        Quantity = 6,
        Campaign = "winter",
    };

    public static CatalogDelta Delete(string id, long version) => new()
    {
        DocumentId = id,
        Kind = DeltaKind.Delete,
        Version = version,
        EventTimeMilliseconds = 1322726701234,
        Partition = "2011-12-01T08:05Z",
    };

    public static CatalogDelta Signal(string id, long version, params string[] related) => new()
    {
        DocumentId = id,
        Kind = DeltaKind.Signal,
        Version = version,
        EventTimeMilliseconds = 1322726701234,
        Partition = "2011-12-01T08:05Z",
        Quantity = -2,
        Related = related,
    };
}
