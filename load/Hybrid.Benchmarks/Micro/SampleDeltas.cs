using Hybrid.Contracts.Records;

namespace Hybrid.Benchmarks.Micro;

/// <summary>Deltas that look like a shop's: a title of a few words, a price, a quantity.</summary>
internal static class SampleDeltas
{
    private static readonly long Begin = new DateTimeOffset(2011, 12, 1, 8, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public static CatalogDelta Create(int number) => Create(number, number);

    /// <summary>So many deltas about so many documents.</summary>
    public static CatalogDelta[] Range(int count, int documents)
    {
        var deltas = new CatalogDelta[count];
        for (var i = 0; i < count; i++)
        {
            deltas[i] = Create(i, i % documents);
        }

        return deltas;
    }

    /// <summary>A delta of a document that may have others.</summary>
    public static CatalogDelta Create(int number, int document) => new()
    {
        DocumentId = $"doc-{document:D7}",
        Kind = DeltaKind.Upsert,
        Version = DeltaVersion.Create(Begin + number, 0, number % 60_000, 0),
        EventTimeMilliseconds = Begin + number,
        Partition = "2011-12-01T08:00Z",
        Title = $"WHITE HANGING HEART T-LIGHT HOLDER {number % 1000}",
        Category = "HOME",
        Price = 2.55 + (number % 100),
        Quantity = number % 50,
        Campaign = number % 5 == 0 ? "winter" : null,
    };
}
