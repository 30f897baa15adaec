using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Solr;
using Hybrid.Pipeline.Windows;
using Hybrid.Sandbox.Tests.Solr;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.Sandbox.Tests.Adapters;

/// <summary>Holds the JSON adapter and the one over SolrNet to the same index and the same refusals.</summary>
public sealed class SolrAgreementTests : SolrTest
{
    private static readonly string[] Adapters = ["json", "solrnet"];

    private int _collections;

    public static TheoryData<string> Visibilities => new("soft-commit", "commit-within=20ms");

    [Theory]
    [MemberData(nameof(Visibilities))]
    public async Task Write_WithEitherAdapter_GivesTheSameIndex(string visibility)
    {
        CatalogDelta[][] bulks =
        [
            [Deltas.Upsert("a", 5), Deltas.Upsert("b", 5), Deltas.Upsert("a", 7) with { Title = "same bulk, newer" }],
            [Deltas.Upsert("a", 6) with { Title = "older" }, Deltas.Delete("b", 9), Deltas.Delete("never seen", 3)],
            [Deltas.Upsert("c", long.MaxValue) with { Title = "<Gläser> & \"杯\" 🥂\r\n\ttabbed", Price = -0.1, Quantity = long.MinValue }],
            [Deltas.Upsert("d", 1) with { Title = "", Category = null, Price = null, Quantity = null, Campaign = null }],
            [Deltas.Upsert("e", 1), Deltas.Delete("e", 2), Deltas.Upsert("e", 3) with { Campaign = null }],
        ];

        var indexes = new List<List<IndexedDocument>>();
        foreach (var adapter in Adapters)
        {
            await using var solr = await ConnectAsync(adapter, visibility);
            foreach (var bulk in bulks)
            {
                Assert.Empty(await solr.Writer.WriteAttributesAsync(bulk, CancellationToken.None));
            }

            await solr.UntilAsync(async () => await solr.Reader.CountAsync(tombstones: true, CancellationToken.None) == 6);
            indexes.Add(await solr.ReadAsync());
        }

        Assert.Equal(indexes[0], indexes[1]);
        Assert.Equal("same bulk, newer", indexes[1].Single(document => document.Id == "a").Title);
        Assert.Equal(["b", "never seen"], indexes[1].Where(document => document.Deleted).Select(document => document.Id));
    }

    [Fact]
    public async Task WriteSignals_WithEitherAdapter_GivesTheSameIndex_AndLeavesTheAttributes()
    {
        DocumentSignals[][] bulks =
        [
            [Signals("a", 5, 2, 1, 0.1, "x", "<y> & z"), Signals("b", 5, -3, 2, -1e-7), Signals("a", 7, 9, 3, 12345678.25, "z", "x")],
            [Signals("a", 6, 1, 1, 1, "older"), Signals("b", 8, 0, 0, 0), Signals("only signals", long.MaxValue, long.MinValue, 1, 1e300, "ü")],
        ];

        var indexes = new List<List<IndexedDocument>>();
        foreach (var adapter in Adapters)
        {
            await using var solr = await ConnectAsync(adapter, "soft-commit");
            await solr.Writer.WriteAttributesAsync([Deltas.Upsert("a", 3)], CancellationToken.None);
            foreach (var bulk in bulks)
            {
                Assert.Empty(await solr.Writer.WriteSignalsAsync(bulk, CancellationToken.None));
            }

            indexes.Add(await solr.ReadAsync());
        }

        Assert.Equal(indexes[0], indexes[1]);
        Assert.Equal([bulks[0][2], bulks[1][1], bulks[1][2]], indexes[1].Select(document => document.Signals!));
        Assert.Equal(3, indexes[1][0].AttributesVersion);
    }

    [Fact]
    public async Task Write_OfADocumentThatSolrRefuses_NamesItAndWritesTheRest()
    {
        var tooLong = new string('x', 40_000);
        foreach (var adapter in Adapters)
        {
            await using var solr = await ConnectAsync(adapter, "soft-commit");

            var refusals = await solr.Writer.WriteAttributesAsync(
                [Deltas.Upsert("good"), Deltas.Upsert("bad") with { Category = tooLong }, Deltas.Upsert("fine"), Deltas.Upsert("nan") with { Price = double.NaN }],
                CancellationToken.None);

            Assert.Equal(["bad", "nan"], refusals.Select(refusal => refusal.DocumentId).Order());
            Assert.All(refusals, refusal => Assert.DoesNotContain('\n', refusal.Message));
            Assert.Equal(["fine", "good"], (await solr.ReadAsync()).Select(document => document.Id));
        }
    }

    [Fact]
    public async Task Write_OfABulk_IsOneRequest_ReplayedOrNot()
    {
        foreach (var adapter in Adapters)
        {
            await using var solr = await ConnectAsync(adapter, "commit-within=20ms");
            var bulk = Enumerable.Range(0, 300).Select(i => Deltas.Upsert($"d{i % 250}", i)).ToArray();

            await solr.Writer.WriteAttributesAsync(bulk, CancellationToken.None);
            await solr.Writer.WriteAttributesAsync(bulk, CancellationToken.None);

            Assert.Equal((2, 600), (solr.Counter(Instruments.SolrRequests), solr.Counter(Instruments.SolrDocuments)));
        }
    }

    [Fact]
    public async Task Write_WithSolrNet_RefusesAnIdThatXmlCannotCarry()
    {
        await using var solr = await ConnectAsync("solrnet", "soft-commit");

        var refusals = await solr.Writer.WriteAttributesAsync([Deltas.Upsert("a\u0001b"), Deltas.Upsert("ab")], CancellationToken.None);

        Assert.Equal(["a\u0001b"], refusals.Select(refusal => refusal.DocumentId));
        Assert.Equal(["ab"], (await solr.ReadAsync()).Select(document => document.Id));
    }

    [Fact]
    public async Task Write_ToAMissingCollection_FailsForGood_AndWithoutSolr_ForNow()
    {
        foreach (var adapter in Adapters)
        {
            await using var missing = await ConnectAsync(adapter, "soft-commit", makeCollection: false);
            var final = await Assert.ThrowsAsync<SolrException>(() => missing.Writer.WriteAttributesAsync([Deltas.Upsert("d")], CancellationToken.None));
            Assert.Equal((404, false), (final.Status, final.IsTransient));

            await using var absent = await ConnectAsync(adapter, "soft-commit", makeCollection: false, url: "http://127.0.0.1:1/solr");
            var transient = await Assert.ThrowsAsync<SolrException>(() => absent.Writer.WriteAttributesAsync([Deltas.Upsert("d")], CancellationToken.None));
            Assert.Equal((null, true), (transient.Status, transient.IsTransient));
        }
    }

    private static DocumentSignals Signals(string id, long version, long units, long lines, double revenue, params string[] related) =>
        new() { DocumentId = id, Version = version, Units = units, Lines = lines, Revenue = revenue, Related = related };

    private async Task<Connection> ConnectAsync(string adapter, string visibility, bool makeCollection = true, string? url = null)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Solr:Url"] = url ?? Solr.Server.BaseAddress.ToString(),
            ["Solr:Collection"] = $"c{_collections++}",
            ["Solr:Adapter"] = adapter,
            ["Solr:Visibility"] = visibility,
            ["Solr:MaxRetries"] = "0",
        };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<HybridMetrics>();
        services.AddSolr(configuration, "unused");
        var connection = new Connection(services.BuildServiceProvider());
        Assert.Equal(adapter, connection.Writer.Adapter);
        if (makeCollection)
        {
            await connection.Admin.EnsureCollectionAsync(settings["Solr:Collection"]!, CancellationToken.None);
        }

        return connection;
    }

    private sealed class Connection(ServiceProvider provider) : IAsyncDisposable
    {
        private readonly MetricsRecorder _recorder = new(provider.GetRequiredService<HybridMetrics>());

        public ISolrWriter Writer => provider.GetRequiredService<ISolrWriter>();

        public SolrReader Reader => provider.GetRequiredService<SolrReader>();

        public SolrAdmin Admin => provider.GetRequiredService<SolrAdmin>();

        public long Counter(string name) => _recorder.Counters()[name];

        public async Task<List<IndexedDocument>> ReadAsync()
        {
            var documents = new List<IndexedDocument>();
            await foreach (var document in Reader.ExportAsync(CancellationToken.None))
            {
                documents.Add(document);
            }

            return [.. documents.OrderBy(document => document.Id, StringComparer.Ordinal)];
        }

        public async Task UntilAsync(Func<Task<bool>> condition)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (!await condition())
            {
                await Task.Delay(10, patience.Token);
            }
        }

        public ValueTask DisposeAsync()
        {
            _recorder.Dispose();
            return provider.DisposeAsync();
        }
    }
}
