using Hybrid.Contracts.Records;

namespace Hybrid.EndToEnd.Tests.Lanes;

internal static class LaneDeltas
{
    public static CatalogDelta Upsert(string id, long version) => new()
    {
        DocumentId = id,
        Kind = DeltaKind.Upsert,
        Version = version,
        EventTimeMilliseconds = 1322726700000 + version,
        Partition = "2011-12-01T08:05Z",
        Title = $"title {version}",
        Category = version % 2 == 0 ? "even" : null,
        Price = version % 3 == 0 ? version / 4.0 : null,
        Quantity = version,
    };

    public static CatalogDelta Delete(string id, long version) => Upsert(id, version) with { Kind = DeltaKind.Delete };

    public static CatalogDelta Signal(string id, long version) => Upsert(id, version) with { Kind = DeltaKind.Signal, Related = ["x"] };

    /// <summary>Changes to documents, some of them deletes, in the order of their versions.</summary>
    public static CatalogDelta[] Many(int count, int documents, Random random) =>
        [.. Enumerable.Range(1, count).Select(version =>
        {
            var id = $"d{random.Next(documents)}";
            return random.Next(8) == 0 ? Delete(id, version) : Upsert(id, version);
        })];
}
