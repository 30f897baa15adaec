using Hybrid.Sandbox.Solr;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SolrNet;
using SolrNet.Attributes;
using SolrNet.Commands.Parameters;
using SolrNet.Exceptions;
using SolrNet.Impl;
using SolrNet.Impl.ResponseParsers;

namespace Hybrid.Sandbox.Tests.Conformance.Solr;

/// <summary>What SolrNet sees of the sandbox's Solr: its operations on documents, its queries, and what its parsers make of the answers.</summary>
public sealed class SolrNetTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private SolrServer _server = null!;
    private ServiceProvider _services = null!;
    private ISolrOperations<Item> _solr = null!;

    public async Task InitializeAsync()
    {
        _server = new SolrServer(new SolrServerOptions { DataDirectory = _directory.Path }, NullLoggerFactory.Instance);
        await _server.StartAsync(CancellationToken.None);
        using var http = new HttpClient();
        (await http.GetAsync(new Uri($"{_server.BaseAddress}/admin/cores?action=CREATE&name=shop&configSet=hybrid"))).EnsureSuccessStatusCode();
        _services = new ServiceCollection().AddSolrNet<Item>($"{_server.BaseAddress}/shop").BuildServiceProvider();
        _solr = _services.GetRequiredService<ISolrOperations<Item>>();
        await _solr.AddRangeAsync(
        [
            new Item { Id = "a", Title = "Tea & <cake> \"é\"", Category = "tea", Price = 2.5, Quantity = 3, At = new DateTime(2011, 12, 1, 8, 5, 0, DateTimeKind.Utc), Related = ["x", "y"] },
            new Item { Id = "b", Category = "cup", Price = 10, Quantity = -1 },
            new Item { Id = "c", Category = "tea" },
        ]);
        await _solr.CommitAsync();
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Query_OfEverything_ReturnsTheDocumentsAsTheyWereAdded()
    {
        var found = await _solr.QueryAsync(SolrQuery.All, new QueryOptions { OrderBy = [new SortOrder("id", Order.ASC)] });

        Assert.Equal(3, found.NumFound);
        Assert.Equal(["a", "b", "c"], found.Select(item => item.Id));
        Assert.Equal(("Tea & <cake> \"é\"", 2.5, 3L), (found[0].Title, found[0].Price!.Value, found[0].Quantity!.Value));
        Assert.Equal(new DateTime(2011, 12, 1, 8, 5, 0, DateTimeKind.Utc), found[0].At!.Value.ToUniversalTime());
        Assert.Equal(["x", "y"], found[0].Related!);
        Assert.Null(found[2].Price);
        Assert.Equal(0, found.Header.Status);
    }

    [Fact]
    public async Task Query_WithFiltersRangesAndBooleans_FindsWhatSolrFinds()
    {
        async Task<string> Found(ISolrQuery query, params ISolrQuery[] filters) => string.Join(
            ' ',
            (await _solr.QueryAsync(query, new QueryOptions { FilterQueries = filters, OrderBy = [new SortOrder("id", Order.ASC)] })).Select(item => item.Id));

        Assert.Equal("a c", await Found(new SolrQueryByField("category_s", "tea")));
        Assert.Equal("a", await Found(new SolrQueryByField("category_s", "tea") && new SolrQueryByRange<double>("price_d", 2, 3)));
        Assert.Equal("a b", await Found(new SolrQueryInList("id", "a", "b", "nobody")));
        Assert.Equal("a b", await Found(new SolrQueryByField("id", "a") || new SolrQueryByField("id", "b")));
        Assert.Equal("b c", await Found(SolrQuery.All, new SolrNotQuery(new SolrQueryByField("id", "a"))));
        Assert.Equal("a b", await Found(new SolrHasValueQuery("price_d")));
        Assert.Equal("a", await Found(new SolrQueryByRange<DateTime>("event_time_dt", new DateTime(2011, 12, 1, 0, 0, 0, DateTimeKind.Utc), DateTime.UtcNow)));
    }

    [Fact]
    public async Task Query_WithFacetsAndStatistics_ReadsThem()
    {
        var found = await _solr.QueryAsync(SolrQuery.All, new QueryOptions
        {
            Rows = 0,
            Facet = new FacetParameters
            {
                Queries = [new SolrFacetFieldQuery("category_s") { MinCount = 1, Limit = 5 }, new SolrFacetQuery(new SolrQueryByRange<long>("quantity_l", 0, 9))],
            },
            Stats = new StatsParameters().AddField("price_d"),
        });

        Assert.Equal(["tea 2", "cup 1"], found.FacetFields["category_s"].Select(facet => $"{facet.Key} {facet.Value}"));
        Assert.Equal(1, Assert.Single(found.FacetQueries).Value);
        var prices = found.Stats["price_d"];
        var typed = prices.AsType<double?>();
        Assert.Equal((2, 1, 2.5, 10, 12.5, 6.25), (prices.Count, prices.Missing, typed.Min, typed.Max, typed.Sum, typed.Mean));
    }

    [Fact]
    public async Task Query_ByCursor_ReturnsEverythingOnce()
    {
        await _solr.AddRangeAsync(Enumerable.Range(0, 250).Select(i => new Item { Id = $"p{i:D3}", Quantity = i % 7 }));
        await _solr.CommitAsync();
        var ids = new List<string>();
        StartOrCursor? cursor = StartOrCursor.Cursor.Start;
        while (cursor is not null)
        {
            var page = await _solr.QueryAsync(new SolrQuery("id:p*"), new QueryOptions
            {
                Rows = 100,
                StartOrCursor = cursor,
                OrderBy = [new SortOrder("quantity_l", Order.DESC), new SortOrder("id", Order.ASC)],
            });
            ids.AddRange(page.Select(item => item.Id));
            cursor = page.Count == 0 ? null : page.NextCursorMark;
        }

        Assert.Equal(250, ids.Count);
        Assert.Equal(250, ids.Distinct().Count());
    }

    [Fact]
    public async Task AtomicUpdate_ChangesTheNamedFieldsOnly()
    {
        await _solr.AtomicUpdateAsync("a",
        [
            new AtomicUpdateSpec("quantity_l", AtomicUpdateType.Inc, "4"),
            new AtomicUpdateSpec("price_d", AtomicUpdateType.Set, "7.5"),
            new AtomicUpdateSpec("signal_related_ss", AtomicUpdateType.Add, "z"),
        ]);
        await _solr.AtomicUpdateAsync("a", [new AtomicUpdateSpec("signal_related_ss", AtomicUpdateType.RemoveRegex, "[xy]")]);
        await _solr.CommitAsync();

        var item = Assert.Single(await _solr.QueryAsync(new SolrQueryByField("id", "a")));
        Assert.Equal((7L, 7.5, "tea"), (item.Quantity!.Value, item.Price!.Value, item.Category));
        Assert.Equal(["z"], item.Related!);
    }

    [Fact]
    public async Task Delete_ByIdAndByQuery_HoldsFromTheCommitOn_AndARollbackTakesItBack()
    {
        await _solr.DeleteAsync("a");
        await _solr.DeleteAsync(new SolrQueryByField("category_s", "cup"));
        Assert.Equal(3, (await _solr.QueryAsync(SolrQuery.All)).NumFound);
        await _solr.CommitAsync();
        Assert.Equal("c", Assert.Single(await _solr.QueryAsync(SolrQuery.All)).Id);

        await _solr.DeleteAsync(["c"]);
        await _solr.RollbackAsync();
        await _solr.CommitAsync();
        Assert.Equal("c", Assert.Single(await _solr.QueryAsync(SolrQuery.All)).Id);
    }

    [Fact]
    public async Task AMistake_IsReportedWithSolrsMessage()
    {
        var refusal = await Assert.ThrowsAsync<SolrConnectionException>(() => _solr.QueryAsync(new SolrQuery("nope:1")));
        Assert.Contains("undefined field nope", refusal.Message, StringComparison.Ordinal);

        refusal = await Assert.ThrowsAsync<SolrConnectionException>(() => _solr.QueryAsync(SolrQuery.All, new QueryOptions { Highlight = new HighlightingParameters() }));
        Assert.Contains("hl=true is not supported by the sandbox", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PingSchemaAndCores_AreReadBySolrNetsParsers()
    {
        Assert.Equal(0, (await _solr.PingAsync()).Status);

        var schema = await _solr.GetSchemaAsync("schema.xml");
        Assert.Equal("id", schema.UniqueKey);
        Assert.True(schema.SolrFields.Single(field => field.Name == "signal_related_ss").IsMultiValued);
        Assert.Empty(_solr.EnumerateValidationResults("schema.xml"));

        var admin = new SolrCoreAdmin(new SolrConnection(_server.BaseAddress.ToString()), new HeaderResponseParser<string>(), new SolrStatusResponseParser());
        var core = admin.Status("shop");
        Assert.Equal(("shop", 3L, false), (core.Name, core.Index.SearchableDocumentCount, core.Index.HasDeletions));
        Assert.Equal(0, admin.Reload("shop").Status);
    }

    private sealed class Item
    {
        [SolrUniqueKey("id")]
        public string Id { get; set; } = "";

        [SolrField("title_t")]
        public string? Title { get; set; }

        [SolrField("category_s")]
        public string? Category { get; set; }

        [SolrField("price_d")]
        public double? Price { get; set; }

        [SolrField("quantity_l")]
        public long? Quantity { get; set; }

        [SolrField("event_time_dt")]
        public DateTime? At { get; set; }

        [SolrField("signal_related_ss")]
        public ICollection<string>? Related { get; set; }
    }
}
