using Hybrid.Pipeline.Solr;

namespace Hybrid.Unit.Tests.Solr;

public sealed class SolrReaderTests : IAsyncLifetime
{
    private ScriptedSolr _solr = null!;
    private SolrReader _reader = null!;

    public async Task InitializeAsync()
    {
        _solr = await ScriptedSolr.StartAsync();
        _reader = new SolrReader(new SolrOptions { Url = _solr.Url }, "c");
    }

    public async Task DisposeAsync()
    {
        _reader.Dispose();
        await _solr.DisposeAsync();
    }

    [Fact]
    public async Task Versions_AreAskedInOneRequestThatShowsTombstones()
    {
        _solr.Answer = _ => (200, """{"responseHeader":{"status":0},"response":{"numFound":2,"start":0,"docs":[{"id":"a","attributes_version_l":9007199254740993},{"id":"b"}]}}""");

        var versions = await _reader.VersionsAsync(["a", "b", "c"], CancellationToken.None);

        Assert.Equal([new("a", 9007199254740993)], versions);
        var request = Assert.Single(_solr.Requests);
        Assert.Equal("/solr/c/select-all", request.Path);
        Assert.Equal("q={!terms f=id}a,b,c&fl=id,attributes_version_l&rows=3&wt=json", Uri.UnescapeDataString(request.Body.Replace('+', ' ')));
    }

    [Fact]
    public async Task Versions_OfNothing_AskNothing()
    {
        Assert.Empty(await _reader.VersionsAsync([], CancellationToken.None));
        Assert.Empty(_solr.Requests);
    }

    [Fact]
    public async Task Export_FollowsTheCursorToItsEnd()
    {
        var pages = new Queue<string>(
        [
            """{"response":{"docs":[{"id":"a","attributes_version_l":1,"title_t":"t","price_d":1.5,"quantity_l":2,"category_s":"x","campaign_s":"y","partition_s":"p","event_time_dt":"2011-12-01T08:05:01.234Z"}]},"nextCursorMark":"A"}""",
            """{"response":{"docs":[{"id":"b","attributes_version_l":2,"deleted_b":true,"event_time_dt":"2011-12-01T08:05:00Z"}]},"nextCursorMark":"B"}""",
            """{"response":{"docs":[]},"nextCursorMark":"B"}""",
        ]);
        _solr.Answer = _ => (200, pages.Dequeue());

        var documents = new List<IndexedDocument>();
        await foreach (var document in _reader.ExportAsync(CancellationToken.None))
        {
            documents.Add(document);
        }

        Assert.Equal(
            [
                new IndexedDocument
                {
                    Id = "a", AttributesVersion = 1, Title = "t", Price = 1.5, Quantity = 2, Category = "x", Campaign = "y", Partition = "p",
                    EventTimeMilliseconds = 1322726701234,
                },
                new IndexedDocument { Id = "b", AttributesVersion = 2, Deleted = true, EventTimeMilliseconds = 1322726700000 },
            ],
            documents);
        Assert.Equal(3, _solr.Requests.Count);
    }

    [Fact]
    public async Task Count_OfTheVisible_GoesThroughTheHandlerThatHidesTombstones()
    {
        _solr.Answer = request => (200, $$$"""{"response":{"numFound":{{{(request.Path.EndsWith("select-all", StringComparison.Ordinal) ? 5 : 3)}}},"docs":[]}}""");

        Assert.Equal(3, await _reader.CountAsync(tombstones: false, CancellationToken.None));
        Assert.Equal(5, await _reader.CountAsync(tombstones: true, CancellationToken.None));
    }

    [Fact]
    public async Task IdWithAComma_IsRefusedBeforeItIsMisread() =>
        await Assert.ThrowsAsync<ArgumentException>(() => _reader.VersionsAsync(["a,b"], CancellationToken.None));
}
