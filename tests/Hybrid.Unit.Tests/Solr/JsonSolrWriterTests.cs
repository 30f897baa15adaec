using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Solr;
using Hybrid.Pipeline.Solr.Json;

namespace Hybrid.Unit.Tests.Solr;

public sealed class JsonSolrWriterTests : IAsyncLifetime
{
    private readonly HybridMetrics _metrics = new();
    private MetricsRecorder _recorder = null!;
    private ScriptedSolr _solr = null!;
    private SolrHttp _http = null!;
    private JsonSolrWriter _writer = null!;

    public async Task InitializeAsync()
    {
        _recorder = new MetricsRecorder(_metrics);
        _solr = await ScriptedSolr.StartAsync();
        _http = new SolrHttp(new SolrOptions { Url = _solr.Url });
        _writer = new JsonSolrWriter(_http, "some lane", SolrVisibility.Parse("commit-within=200ms"), _metrics);
    }

    public async Task DisposeAsync()
    {
        await _writer.DisposeAsync();
        _http.Dispose();
        await _solr.DisposeAsync();
        _recorder.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Upsert_SetsEveryAttributeAndClearsTheTombstone()
    {
        await WriteAsync(new CatalogDelta
        {
            DocumentId = "d\"1é",
            Kind = DeltaKind.Upsert,
            Version = long.MaxValue,
            EventTimeMilliseconds = 1322726701234,
            Partition = "2011-12-01T08:05Z",
            Title = "Ti<t>le",
            Price = 2.55,
            Quantity = -6,
        });

        Assert.Equal(
            """
            [{"id":"d\"1é","attributes_version_l":9223372036854775807,"title_t":{"set":"Ti<t>le"},"category_s":{"set":null},"price_d":{"set":2.55},"quantity_l":{"set":-6},"campaign_s":{"set":null},"deleted_b":{"set":null},"partition_s":{"set":"2011-12-01T08:05Z"},"event_time_dt":{"set":"2011-12-01T08:05:01.234Z"}}]
            """,
            Assert.Single(_solr.Requests).Body);
    }

    [Fact]
    public async Task Delete_IsATombstoneThatClearsTheAttributes()
    {
        await WriteAsync(Deltas.Delete("d1", 7));

        Assert.Equal(
            """
            [{"id":"d1","attributes_version_l":7,"title_t":{"set":null},"category_s":{"set":null},"price_d":{"set":null},"quantity_l":{"set":null},"campaign_s":{"set":null},"deleted_b":{"set":true},"partition_s":{"set":"2011-12-01T08:05Z"},"event_time_dt":{"set":"2011-12-01T08:05:01.234Z"}}]
            """,
            Assert.Single(_solr.Requests).Body);
    }

    [Fact]
    public async Task UpdatesAsBytes_AreTheSameRequest()
    {
        CatalogDelta[] deltas =
        [
            Deltas.Upsert("plain", 5),
            Deltas.Delete("gone", 6),
            Deltas.Upsert("d\"1\\\n\u0001é\u2028😀", -7) with { Title = "", Category = "<&>'\t", Campaign = "日本", Price = -0.1, Quantity = long.MinValue, Partition = "" },
            Deltas.Upsert("large") with { Title = new string('ü', 40_000), Price = 1e300, Related = ["ignored"], EventTimeMilliseconds = -62135596800000 },
        ];
        await WriteAsync(deltas);
        Assert.Empty(await _writer.WriteUpdatesAsync([.. deltas.Select(EncodedDelta.Of)], CancellationToken.None));

        var requests = _solr.Requests.ToArray();
        Assert.Equal(2, requests.Length);
        Assert.Equal(requests[0].Body, requests[1].Body);
        Assert.Equal(requests[0].Query, requests[1].Query);
    }

    [Fact]
    public async Task UpdatesAsBytes_ThatAreNoDocuments_AreRefusedInTheSameWords()
    {
        CatalogDelta[] deltas =
        [
            Deltas.Upsert("no number") with { Price = double.NaN },
            Deltas.Upsert("never") with { EventTimeMilliseconds = 253402300800000 },
            Deltas.Upsert("signal") with { Kind = DeltaKind.Signal },
        ];

        var refusals = await WriteAsync(deltas);
        Assert.Equal(3, refusals.Count);
        Assert.Equal(refusals, await _writer.WriteUpdatesAsync([.. deltas.Select(EncodedDelta.Of)], CancellationToken.None));
    }

    [Fact]
    public async Task Request_NamesChainAndVisibilityAndItsLength()
    {
        await WriteAsync(Deltas.Upsert("d1"));

        var request = Assert.Single(_solr.Requests);
        Assert.Equal("/solr/some lane/update", request.Path);
        Assert.Equal("?update.chain=attributes&wt=json&commitWithin=200", request.Query);
        Assert.Equal("application/json", request.ContentType);
        Assert.Equal(request.Body.Length, request.Length);
    }

    [Fact]
    public async Task Bulk_IsOneRequestAndIsCounted()
    {
        await WriteAsync(Deltas.Upserts(3_000));
        await WriteAsync(Deltas.Upserts(2));

        Assert.Equal(2, _solr.Requests.Count);
        var counters = _recorder.Counters();
        Assert.Equal(2, counters["hybrid.solr.requests"]);
        Assert.Equal(3_002, counters["hybrid.solr.documents"]);
        Assert.Equal(_solr.Requests.Sum(request => request.Length), counters["hybrid.solr.bytes_sent"]);
        Assert.Equal(2, _recorder.Histograms()["hybrid.solr.request_duration"].Count);
    }

    [Fact]
    public async Task EmptyBulk_SendsNothing()
    {
        Assert.Empty(await WriteAsync());
        Assert.Empty(_solr.Requests);
    }

    [Fact]
    public async Task TolerantChain_NamesTheRefused()
    {
        _solr.Answer = _ => (200, ScriptedSolr.Refuses("d1"));

        Assert.Equal([new SolrRefusal("d1", "ERROR: [doc=d1] bad")], await WriteAsync(Deltas.Upserts(4)));
        Assert.Single(_solr.Requests);
    }

    [Fact]
    public async Task WithoutTolerantChain_HalvesUntilTheBadAreFound()
    {
        _solr.Answer = request => request.Ids().Any(id => id is "d13" or "d77")
            ? (400, """{"responseHeader":{"status":400,"QTime":0},"error":{"metadata":["error-class","x"],"msg":"ERROR: [doc=?] Error adding field","code":400}}""")
            : (200, ScriptedSolr.Done);

        var refusals = await WriteAsync(Deltas.Upserts(100));

        Assert.Equal(["d13", "d77"], refusals.Select(refusal => refusal.DocumentId).Order());
        Assert.All(refusals, refusal => Assert.Equal("ERROR: [doc=?] Error adding field", refusal.Message));
        var stored = _solr.Requests.Where(request => !request.Ids().Any(id => id is "d13" or "d77")).SelectMany(request => request.Ids());
        Assert.Equal(98, stored.Distinct().Count());
        Assert.True(_solr.Requests.Count <= 1 + (2 * 2 * 7), $"{_solr.Requests.Count} requests");
    }

    [Fact]
    public async Task RefusalOfAnUnknownId_IsTracedByHalving()
    {
        _solr.Answer = request => (200, request.Ids().Contains("d2") ? ScriptedSolr.Refuses("(unknown)") : ScriptedSolr.Done);

        Assert.Equal("d2", Assert.Single(await WriteAsync(Deltas.Upserts(5))).DocumentId);
    }

    [Fact]
    public async Task MissingChain_StopsInsteadOfRefusingEveryDocument()
    {
        _solr.Answer = _ => (400, """{"error":{"msg":"unknown UpdateRequestProcessorChain: attributes","code":400}}""");

        var failure = await Assert.ThrowsAsync<SolrException>(() => WriteAsync(Deltas.Upserts(8)));
        Assert.False(failure.IsTransient);
        Assert.Contains("unknown UpdateRequestProcessorChain: attributes", failure.Message, StringComparison.Ordinal);
        Assert.Single(_solr.Requests);
    }

    [Fact]
    public async Task FullDiskBehindTheTolerantChain_IsTransientAndNobodysFault()
    {
        _solr.Answer = _ => (200, ScriptedSolr.Refuses("d0").Replace("bad", "this IndexWriter is closed", StringComparison.Ordinal));

        Assert.True((await Assert.ThrowsAsync<SolrException>(() => WriteAsync(Deltas.Upserts(2)))).IsTransient);
    }

    [Theory]
    [InlineData(408, true)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    [InlineData(401, false)]
    [InlineData(404, false)]
    [InlineData(415, false)]
    public async Task ErrorStatus_SaysWhetherTryingAgainMayHelp(int status, bool transient)
    {
        _solr.Answer = _ => (status, "no json at all");

        var failure = await Assert.ThrowsAsync<SolrException>(() => WriteAsync(Deltas.Upsert("d1")));
        Assert.Equal(status, failure.Status);
        Assert.Equal(transient, failure.IsTransient);
        Assert.Contains("/solr/some%20lane/update", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>hello</html>")]
    [InlineData("{}")]
    [InlineData("""{"responseHeader":{"status":0""")]
    public async Task OkThatIsNotSolrs_IsNoAcknowledgement(string body)
    {
        _solr.Answer = _ => (200, body);

        Assert.False((await Assert.ThrowsAsync<SolrException>(() => WriteAsync(Deltas.Upsert("d1")))).IsTransient);
    }

    [Fact]
    public async Task NoServer_IsTransient()
    {
        await _solr.DisposeAsync();

        var failure = await Assert.ThrowsAsync<SolrException>(() => WriteAsync(Deltas.Upsert("d1")));
        Assert.True(failure.IsTransient);
        Assert.Null(failure.Status);
    }

    [Fact]
    public async Task PriceThatIsNoNumber_IsRefusedAndTheRestIsWritten()
    {
        var refusals = await WriteAsync(Deltas.Upsert("d1") with { Price = double.NaN }, Deltas.Upsert("d2"));

        Assert.Equal("d1", Assert.Single(refusals).DocumentId);
        Assert.Equal(["d2"], Assert.Single(_solr.Requests).Ids());
    }

    private Task<IReadOnlyList<SolrRefusal>> WriteAsync(params CatalogDelta[] deltas) => _writer.WriteAttributesAsync(deltas, CancellationToken.None);
}
