using System.Net;
using System.Text.Json.Nodes;

namespace Hybrid.Sandbox.Tests.Solr;

public sealed class SelectTests : SolrTest, IAsyncLifetime
{
    async Task IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        await Solr.UpdateAsync(
            """
            [{"id":"1","title_t":"WHITE HANGING HEART T-LIGHT HOLDER","category_s":"lights","price_d":2.55,"quantity_l":6,"event_time_dt":"2010-12-01T08:26:00Z"},
             {"id":"2","title_t":"Red woolly hottie, white heart.","category_s":"warm","price_d":3.39,"quantity_l":-6,"event_time_dt":"2010-12-02T00:00:00Z"},
             {"id":"3","title_t":"Glass star frosted","category_s":"lights","price_d":4.25,"deleted_b":true},
             {"id":"4","title_t":"KNITTED union flag hot-water bottle","category_s":"warm","quantity_l":100,"signal_related_ss":["1","2"]},
             {"id":"a:b","category_s":"odd name"}]
            """,
            "commit=true");
    }

    [Theory]
    [InlineData("*:*", "1 2 3 4 a:b")]
    [InlineData("id:1", "1")]
    [InlineData("id:a\\:b", "a:b")]
    [InlineData("id:\"a:b\"", "a:b")]
    [InlineData("id:(1 2 9)", "1 2")]
    [InlineData("{!terms f=id}2,1,nobody", "1 2")]
    [InlineData("{!term f=category_s}odd name", "a:b")]
    [InlineData("{!prefix f=category_s v='odd'}", "a:b")]
    [InlineData("category_s:lights", "1 3")]
    [InlineData("category_s:\"odd name\"", "a:b")]
    [InlineData("category_s:odd*", "a:b")]
    [InlineData("category_s:?arm", "2 4")]
    [InlineData("title_t:heart", "1 2")]
    [InlineData("title_t:HEART", "1 2")]
    [InlineData("title_t:\"hanging heart\"", "1")]
    [InlineData("title_t:\"heart hanging\"", "")]
    [InlineData("title_t:hot-water", "4")]
    [InlineData("title_t:knit*", "4")]
    [InlineData("title_t:(+heart -red)", "1")]
    [InlineData("title_t:heart AND title_t:red", "2")]
    [InlineData("title_t:glass OR title_t:red", "2 3")]
    [InlineData("title_t:heart && !title_t:red", "1")]
    [InlineData("title_t:heart NOT category_s:warm", "1")]
    [InlineData("category_s:(warm OR lights) AND (title_t:heart OR title_t:star)", "1 2 3")]
    [InlineData("-category_s:warm", "1 3 a:b")]
    [InlineData("title_t:heart AND (-category_s:warm)", "")]
    [InlineData("quantity_l:6", "1")]
    [InlineData("quantity_l:\\-6", "2")]
    [InlineData("quantity_l:[-6 TO 6]", "1 2")]
    [InlineData("quantity_l:{-6 TO 100]", "1 4")]
    [InlineData("quantity_l:[* TO 6}", "2")]
    [InlineData("quantity_l:*", "1 2 4")]
    [InlineData("price_d:[2.55 TO 3.4]", "1 2")]
    [InlineData("event_time_dt:[2010-12-01T00:00:00Z TO 2010-12-01T23:59:59Z]", "1")]
    [InlineData("event_time_dt:[* TO NOW-1DAY/DAY]", "1 2")]
    [InlineData("event_time_dt:\"2010-12-02T00:00:00Z\"", "2")]
    [InlineData("deleted_b:true", "3")]
    [InlineData("signal_related_ss:2", "4")]
    [InlineData("+category_s:warm +quantity_l:[0 TO *]", "4")]
    public async Task AQuery_FindsWhatSolrFinds(string query, string ids) => Assert.Equal(ids, await Solr.IdsAsync(query, "select-all"));

    [Theory]
    [InlineData("q=heart", "no field name specified in query and no default specified via 'df' param")]
    [InlineData("q=nope:1", "undefined field nope")]
    [InlineData("q=quantity_l:many", "Invalid Number: many")]
    [InlineData("q=title_t:heart~2", "a fuzzy or proximity search (~) is not supported by the sandbox")]
    [InlineData("q=title_t:heart^2", "a boost (^) in a query is not supported by the sandbox")]
    [InlineData("q=*:*&facet.range=price_d", "the parameter 'facet.range' of /select is not supported by the sandbox")]
    [InlineData("q=*:*&f.price_d.facet.range.gap=1", "the parameter 'f.price_d.facet.range.gap' of /select is not supported by the sandbox")]
    [InlineData("q=title_t:heart&fl=score", "the score of 'title_t:heart' (only *:*, ranges, wildcards and field:* have one, which is 1) is not supported by the sandbox")]
    [InlineData("q=title_t:heart&sort=score+desc", "the score of 'title_t:heart' (only *:*, ranges, wildcards and field:* have one, which is 1) is not supported by the sandbox")]
    [InlineData("q=*:*&fl=id,[docid]", "'[docid]' in fl is not supported by the sandbox")]
    [InlineData("q=*:*&hl=true", "hl=true is not supported by the sandbox")]
    [InlineData("q=*:*&debugQuery=true", "debugQuery=true is not supported by the sandbox")]
    [InlineData("q=*:*&TZ=America/Los_Angeles", "TZ=America/Los_Angeles is not supported by the sandbox")]
    [InlineData("q=*:*&json.nl=arrntv", "json.nl=arrntv is not supported by the sandbox")]
    [InlineData("q=id:${x}", "a macro (${…}) in the parameter 'q' is not supported by the sandbox")]
    [InlineData("q=*:*&defType=edismax", "defType=edismax is not supported by the sandbox")]
    [InlineData("q=*:*&rows=-1", "'rows' parameter cannot be negative")]
    [InlineData("q=*:*&sort=nope+asc", "sort param field can't be found: nope")]
    [InlineData("q=*:*&sort=signal_related_ss+asc", "can not sort on multivalued field: signal_related_ss")]
    [InlineData("q=*:*&cursorMark=*", "Cursor functionality requires a sort containing a uniqueKey field tie breaker")]
    [InlineData("q=*:*&cursorMark=*&sort=id+asc&start=1", "Cursor functionality requires start=0")]
    public async Task AQuery_ThatCannotBeAnswered_IsRefused(string parameters, string message)
    {
        var answer = await Solr.SelectAsync(parameters);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(message, answer.Error);
    }

    [Theory]
    [InlineData("q=quantity_l:[1 TO")]
    [InlineData("q=(id:1")]
    [InlineData("q=id:1)")]
    [InlineData("q=AND id:1")]
    [InlineData("q=id:1 AND")]
    [InlineData("q=id:")]
    [InlineData("q=\"")]
    [InlineData("q={!terms f=id")]
    [InlineData("q=*:*&sort=id+asc&cursorMark=nonsense")]
    public async Task AQuery_ThatCannotBeParsed_IsAnsweredWith400(string parameters) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await Solr.SelectAsync(parameters)).Status);

    [Fact]
    public async Task Filters_NarrowTheQueryAndAPostedFormIsAQuery()
    {
        Assert.Equal(1, (await Solr.SelectAsync("q=*:*&fq=category_s:warm&fq=quantity_l:[0 TO *]")).NumFound);
        var posted = await Solr.PostAsync("shop/select", "q=*:*&fq=category_s%3Awarm&rows=0", "application/x-www-form-urlencoded");
        Assert.Equal(2, posted.NumFound);
        Assert.Empty(posted.Documents);
    }

    [Theory]
    [InlineData("q=*:*&hl=false&debugQuery=false&group=false&timeAllowed=100&TZ=UTC&_=1&version=2.2&distrib=false")]
    public async Task AParameter_ThatAsksForNothing_IsTaken(string parameters) =>
        Assert.Equal(HttpStatusCode.OK, (await Solr.SelectAsync(parameters)).Status);

    [Fact]
    public async Task AQuery_TakesItsNowFromTheRequest()
    {
        async Task<long> Before(string now) => (await Solr.SelectAsync($"q=event_time_dt:[* TO NOW]&NOW={now}")).NumFound;

        Assert.Equal(0, await Before("1291161600000"));
        Assert.Equal(1, await Before("1291247999999"));
        Assert.Equal(2, await Before("1291334400000"));
    }

    [Fact]
    public async Task Sorting_PutsMissingStringsLastAndMissingNumbersAtZero()
    {
        async Task<string> Sorted(string sort) => string.Join(
            ' ',
            (await Solr.GetAsync($"shop/select-all?q=*:*&fl=id&sort={sort}")).Documents.Select(document => (string)document!["id"]!));

        Assert.Equal("2 3 a:b 1 4", await Sorted("quantity_l asc,id asc"));
        Assert.Equal("3 2 1 4 a:b", await Sorted("price_d desc,id asc"));
        Assert.Equal("3 1 2 4 a:b", await Sorted("deleted_b asc,id asc"));
        Assert.Equal("a:b 4 3 2 1", await Sorted("id desc"));
        Assert.Equal("4 2 a:b 3 1", await Sorted("category_s desc,id desc"));
    }

    [Fact]
    public async Task Pages_ByStartAndRowsCoverEverything()
    {
        var first = await Solr.SelectAsync("q=*:*&sort=id+asc&rows=2&fl=id");
        var second = await Solr.SelectAsync("q=*:*&sort=id+asc&rows=2&start=2&fl=id");

        Assert.Equal(4, first.NumFound);
        Assert.Equal(2, (int)second.Json["response"]!["start"]!);
        Assert.Equal(["1", "2", "4", "a:b"], first.Documents.Concat(second.Documents).Select(document => (string)document!["id"]!));
    }

    [Theory]
    [InlineData("id asc")]
    [InlineData("id desc")]
    [InlineData("quantity_l desc,id asc")]
    [InlineData("category_s asc,id desc")]
    public async Task Pages_ByCursorCoverEverythingOnce(string sort)
    {
        var ids = new List<string>();
        var mark = "*";
        while (true)
        {
            var page = await Solr.GetAsync($"shop/select-all?q=*:*&rows=2&fl=id&sort={sort}&cursorMark={Uri.EscapeDataString(mark)}");
            Assert.Equal(5, page.NumFound);
            ids.AddRange(page.Documents.Select(document => (string)document!["id"]!));
            var next = (string)page.Json["nextCursorMark"]!;
            if (next == mark)
            {
                break;
            }

            mark = next;
        }

        var whole = await Solr.GetAsync($"shop/select-all?q=*:*&rows=10&fl=id&sort={sort}");
        Assert.Equal(whole.Documents.Select(document => (string)document!["id"]!), ids);
        Assert.Equal(5, ids.Count);
    }

    [Fact]
    public async Task AFieldList_ChoosesWhatIsReturned()
    {
        async Task<string[]> Fields(string list) =>
            (await Solr.SelectAsync($"q=id:1&{list}")).Documents[0]!.AsObject().Select(field => field.Key).Order().ToArray();

        Assert.Equal(["id", "price_d"], await Fields("fl=id,price_d"));
        Assert.Equal(["id", "price_d"], await Fields("fl=id&fl=price_d"));
        Assert.Equal(["quantity_l"], await Fields("fl=*_l"));
        Assert.Equal(["_version_", "category_s", "event_time_dt", "id", "price_d", "quantity_l", "title_t"], await Fields("fl=*"));
    }

    [Fact]
    public async Task RealTimeGet_AnswersForOneAndForSeveral()
    {
        await Solr.UpdateAsync("""[{"id":"9","quantity_l":1}]""");

        Assert.Equal("""{"doc":null}""", (await Solr.GetAsync("shop/get?id=nobody&indent=false")).Text);
        Assert.Equal("""{"doc":{"id":"9","quantity_l":1}}""", (await Solr.GetAsync("shop/get?id=9&fl=id,quantity_l&indent=off")).Text);
        Assert.Equal(2, (await Solr.GetAsync("shop/get?ids=9,1,nobody")).NumFound);
        Assert.Equal(2, (await Solr.GetAsync("shop/get?id=9&id=1")).NumFound);
    }

    [Fact]
    public async Task TheHeader_IsOmittedAndTheParametersEchoedOnRequest()
    {
        Assert.Null((await Solr.SelectAsync("q=*:*&omitHeader=true")).Json["responseHeader"]);
        JsonNode echo = (await Solr.SelectAsync("q=id:1&echoParams=explicit")).Json["responseHeader"]!["params"]!;
        Assert.Equal("id:1", (string)echo["q"]!);
    }
}
