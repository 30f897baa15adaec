using System.Globalization;
using System.Net;

namespace Hybrid.Sandbox.Tests.Solr;

/// <summary>A rollback takes back what came since the last hard commit, on disk too. The core makes no commits by itself.</summary>
public sealed class RollbackTests : SolrTest, IAsyncLifetime
{
    private const string Core = "quiet";
    private const string Ids = "0,1,2,3,4,5";

    /// <summary>So little that the log begins anew every few commits.</summary>
    protected override long CompactionBytes => 600;

    async Task IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        await Solr.GetAsync($"admin/cores?action=CREATE&name={Core}&configSet=hybrid&property.solr.autoCommit.maxTime=-1");
    }

    [Theory]
    [InlineData("""{"rollback":{}}""", "application/json", "")]
    [InlineData("<rollback/>", "text/xml", "")]
    [InlineData("[]", "application/json", "rollback=true")]
    [InlineData("", "", "rollback=true")]
    public async Task ARollback_TakesBackWhatIsNotCommitted(string body, string contentType, string parameters)
    {
        await UpdateAsync("""[{"id":"a","quantity_l":1},{"id":"b"}]""", "commit=true");
        await UpdateAsync("""{"add":{"doc":{"id":"a","quantity_l":2}},"delete":"b","add":{"doc":{"id":"c"}},"add":{"doc":{"id":"a","quantity_l":3}}}""");

        Assert.Equal(HttpStatusCode.OK, (await Solr.PostAsync($"{Core}/update?{parameters}", body, contentType)).Status);

        Assert.Equal("a1 b", await CurrentAsync());
        await UpdateAsync("[]", "commit=true");
        Assert.Equal("a1 b", await VisibleAsync());
    }

    [Fact]
    public async Task WhatASoftCommitHasShown_StaysVisibleUntilTheNextCommit()
    {
        await UpdateAsync("""[{"id":"a","quantity_l":1},{"id":"b"}]""", "commit=true");
        await UpdateAsync("""{"add":{"doc":{"id":"a","quantity_l":2}},"delete":"b"}""", "softCommit=true");
        await UpdateAsync("""{"rollback":{}}""");

        Assert.Equal("a2", await VisibleAsync());
        Assert.Equal("a1 b", await CurrentAsync());
        await UpdateAsync("[]", "softCommit=true");
        Assert.Equal("a1 b", await VisibleAsync());
    }

    [Fact]
    public async Task ARollback_WithNothingToTakeBack_ChangesNothing()
    {
        await UpdateAsync("""[{"id":"a","quantity_l":1}]""", "commit=true&openSearcher=false");
        await UpdateAsync("""{"rollback":{}}""");
        await UpdateAsync("""{"rollback":{}}""");

        Assert.Equal("a1", await CurrentAsync());
    }

    [Fact]
    public async Task ARollback_LastsOverARestart()
    {
        await UpdateAsync("""[{"id":"a","quantity_l":1},{"id":"b"}]""", "commit=true");
        await UpdateAsync("""{"add":{"doc":{"id":"a","quantity_l":2}},"delete":"b","add":{"doc":{"id":"c"}},"commit":{"softCommit":true},"rollback":{}}""");

        await RestartAsync();

        Assert.Equal("a1 b", await VisibleAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task AnyHistory_WithRollbacksCommitsAndRestarts_EndsInTheStateOfTheModel(int seed)
    {
        var random = new Random(seed);
        var current = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var committed = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var step = 0; step < 150; step++)
        {
            var id = random.Next(6).ToString(CultureInfo.InvariantCulture);
            switch (random.Next(10))
            {
                case 0:
                    await UpdateAsync("""{"rollback":{}}""");
                    current = new(committed, StringComparer.Ordinal);
                    break;
                case 1:
                    await UpdateAsync("[]", "commit=true");
                    committed = new(current, StringComparer.Ordinal);
                    break;
                case 2:
                    await UpdateAsync("[]", "softCommit=true");
                    break;
                case 3:
                    await RestartAsync();
                    Assert.Equal(Text(current), await CurrentAsync(Ids));
                    committed = new(current, StringComparer.Ordinal);
                    break;
                case 4 or 5:
                    await UpdateAsync($$"""{"delete":"{{id}}"}""");
                    current.Remove(id);
                    break;
                case 6 when random.Next(3) == 0:
                    await UpdateAsync("""{"delete":{"query":"*:*"}}""");
                    current.Clear();
                    break;
                default:
                    await UpdateAsync($$"""[{"id":"{{id}}","quantity_l":{{step}}}]""");
                    current[id] = step;
                    break;
            }
        }

        Assert.Equal(Text(current), await CurrentAsync(Ids));
        await RestartAsync();
        Assert.Equal(Text(current), await VisibleAsync());
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(DataDirectory, Core, "data"), "snapshot-*"));
    }

    private Task<Answer> UpdateAsync(string json, string parameters = "") => Solr.PostAsync($"{Core}/update?{parameters}", json, "application/json");

    private async Task<string> CurrentAsync(string ids = "a,b,c") => Text(await Solr.GetAsync($"{Core}/get?ids={ids}"));

    private async Task<string> VisibleAsync() => Text(await Solr.GetAsync($"{Core}/select?q=*:*&sort=id+asc"));

    private static string Text(SortedDictionary<string, int> model) => string.Join(' ', model.Select(pair => $"{pair.Key}{pair.Value}"));

    private static string Text(Answer answer) => string.Join(' ', answer.Documents.Select(document => $"{document!["id"]}{document["quantity_l"]}"));
}
