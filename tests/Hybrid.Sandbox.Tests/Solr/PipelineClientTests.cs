using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Solr;
using Hybrid.Pipeline.Solr.Json;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Sandbox.Tests.Solr;

/// <summary>The pipeline's own clients, which know nothing of the sandbox.</summary>
public sealed class PipelineClientTests : SolrTest
{
    private const string Collection = "lane";

    [Fact]
    public async Task ACollection_IsMadeOnceWrittenReadAndDeleted()
    {
        var options = new SolrOptions { Url = Solr.Server.BaseAddress.ToString() };
        using var http = new SolrHttp(options);
        using var admin = new SolrAdmin(http, options, NullLoggerFactory.Instance);
        await admin.EnsureCollectionAsync(Collection, CancellationToken.None);
        await admin.EnsureCollectionAsync(Collection, CancellationToken.None);

        await using var writer = new JsonSolrWriter(http, Collection, SolrVisibility.Parse("commit-within=60000ms"), new HybridMetrics());
        const int Count = 5_000;
        var upserts = Enumerable.Range(0, Count).Select(id => Delta($"d{id:D5}", 10)).ToList();
        Assert.Empty(await writer.WriteAttributesAsync(upserts, CancellationToken.None));
        Assert.Empty(await writer.WriteAttributesAsync([.. upserts.Select(delta => delta with { Version = 9, Title = "old" })], CancellationToken.None));
        Assert.Empty(await writer.WriteAttributesAsync([Delta("d00007", 11) with { Kind = DeltaKind.Delete }], CancellationToken.None));
        var refusal = Assert.Single(await writer.WriteAttributesAsync([Delta("bad", 1) with { Category = new string('x', 40_000) }, Delta("good", 1)], CancellationToken.None));
        Assert.Equal("bad", refusal.DocumentId);

        using var reader = new SolrReader(http, Collection);
        Assert.Equal(0, await reader.CountAsync(tombstones: true, CancellationToken.None));
        await admin.CommitAsync(Collection, CancellationToken.None);
        Assert.Equal(Count + 1, await reader.CountAsync(tombstones: true, CancellationToken.None));
        Assert.Equal(Count, await reader.CountAsync(tombstones: false, CancellationToken.None));
        var exported = new List<IndexedDocument>();
        await foreach (var document in reader.ExportAsync(CancellationToken.None))
        {
            exported.Add(document);
        }

        Assert.Equal(Count + 1, exported.Count);
        Assert.DoesNotContain(exported, document => document.Title == "old");
        var versions = await reader.VersionsAsync(["d00007", "d00008", "nobody"], CancellationToken.None);
        Assert.Equal([("d00007", 11L), ("d00008", 10L)], versions.Select(pair => (pair.Key, pair.Value)).Order());

        await admin.DeleteCollectionAsync(Collection, CancellationToken.None);
        Assert.False(await admin.ExistsAsync(Collection, CancellationToken.None));
    }

    private static CatalogDelta Delta(string id, long version) => new()
    {
        DocumentId = id,
        Kind = DeltaKind.Upsert,
        Version = version,
        EventTimeMilliseconds = 1322726701234,
        Partition = "2011-12-01T08:05Z",
        Title = "a title",
    };
}
