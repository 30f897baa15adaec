namespace Hybrid.Sandbox.Tests.Solr;

public sealed class VisibilityTests : SolrTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task AnUpdate_IsSeenByRealTimeGetAtOnceAndBySearchesAfterTheCommit()
    {
        await Solr.UpdateAsync("""[{"id":"a","quantity_l":1}]""");
        Assert.NotNull(await Solr.RealTimeAsync("a"));
        Assert.Empty(await Solr.IdsAsync("*:*"));
        Assert.Empty(await Solr.IdsAsync("id:a"));

        await Solr.UpdateAsync("[]", "softCommit=true");
        await Solr.UpdateAsync("""[{"id":"a","quantity_l":2}]""");
        Assert.Equal("a", await Solr.IdsAsync("quantity_l:1"));
        Assert.Equal("a", await Solr.IdsAsync("id:a AND quantity_l:1"));
        Assert.Equal(2, (long)(await Solr.RealTimeAsync("a"))!["quantity_l"]!);

        await Solr.GetAsync("shop/update?commit=true");
        Assert.Empty(await Solr.IdsAsync("quantity_l:1"));
        Assert.Equal("a", await Solr.IdsAsync("quantity_l:2"));
    }

    [Fact]
    public async Task ADelete_IsSeenByRealTimeGetAtOnceAndBySearchesAfterTheCommit()
    {
        await Solr.UpdateAsync("""[{"id":"a"},{"id":"b"}]""", "commit=true");
        await Solr.UpdateAsync("""{"delete":"a"}""");
        Assert.Null(await Solr.RealTimeAsync("a"));
        Assert.Equal("a b", await Solr.IdsAsync("*:*"));

        await Solr.UpdateAsync("""{"commit":{"softCommit":true}}""");
        Assert.Equal("b", await Solr.IdsAsync("*:*"));
    }

    [Fact]
    public async Task ADeletedDocument_ThatComesBackBeforeTheCommit_IsThere()
    {
        await Solr.UpdateAsync("""[{"id":"a","quantity_l":1}]""", "commit=true");
        await Solr.UpdateAsync("""{"delete":"a","add":{"doc":{"id":"a","quantity_l":2}},"commit":{}}""");
        Assert.Equal("a", await Solr.IdsAsync("quantity_l:2"));

        await Solr.UpdateAsync("""{"delete":"a","commit":{}}""");
        await Solr.UpdateAsync("""{"add":{"doc":{"id":"a","quantity_l":3}},"commit":{}}""");
        Assert.Equal("a", await Solr.IdsAsync("*:*"));
    }

    [Fact]
    public async Task AHardCommit_WithoutANewSearcher_ShowsNothing()
    {
        await Solr.UpdateAsync("""[{"id":"a"}]""", "commit=true&openSearcher=false");

        Assert.Empty(await Solr.IdsAsync("*:*"));
    }

    [Theory]
    [InlineData("""[{"id":"a"}]""", "commitWithin=10")]
    [InlineData("""{"add":{"doc":{"id":"a"},"commitWithin":10}}""", "")]
    [InlineData("""[{"id":"a"}]""", "commitWithin=0")]
    public async Task CommitWithin_ShowsTheUpdateByItself(string body, string parameters)
    {
        await Solr.UpdateAsync(body, parameters);

        await UntilFoundAsync("shop", "a");
        Assert.Equal(1, Solr.Server.RequestCounts["shop/commit.soft"]);
    }

    [Fact]
    public async Task AutoSoftCommit_IsSwitchedOnByAProperty()
    {
        await Solr.GetAsync("admin/cores?action=CREATE&name=auto&configSet=hybrid&property.solr.autoSoftCommit.maxTime=20");
        await Solr.PostAsync("auto/update", """[{"id":"a"}]""", "application/json");

        await UntilFoundAsync("auto", "a");
    }

    [Fact]
    public async Task Searches_BesideCommits_SeeAllOfABulkOrNothing()
    {
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var versions = (await Solr.SelectAsync("q=*:*&fl=quantity_l&rows=100")).Documents.Select(document => (long)document!["quantity_l"]!).Distinct();
                Assert.True(versions.Count() <= 1);
            }
        });
        for (var version = 0; version < 50; version++)
        {
            var documents = string.Join(',', Enumerable.Range(0, 50).Select(id => $$"""{"id":"{{id}}","quantity_l":{{version}}}"""));
            await Solr.UpdateAsync($"[{documents}]", "softCommit=true");
        }

        await stop.CancelAsync();
        await reader;
    }

    private async Task UntilFoundAsync(string core, string id)
    {
        using var patience = new CancellationTokenSource(Patience);
        while ((await Solr.GetAsync($"{core}/select?q=id:{id}")).NumFound == 0)
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
