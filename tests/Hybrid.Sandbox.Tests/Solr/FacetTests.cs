using System.Net;

namespace Hybrid.Sandbox.Tests.Solr;

public sealed class FacetTests(FacetTests.Shop shop) : IClassFixture<FacetTests.Shop>
{
    [Theory]
    [InlineData("facet.field=category_s", """["tea",3,"cup",2,"Cake",1,"hidden",0]""")]
    [InlineData("facet.field=category_s&facet.mincount=2", """["tea",3,"cup",2]""")]
    [InlineData("facet.field=category_s&facet.zeros=false&facet.sort=index", """["Cake",1,"cup",2,"tea",3]""")]
    [InlineData("facet.field=category_s&facet.sort=index&facet.offset=1&facet.limit=2", """["cup",2,"hidden",0]""")]
    [InlineData("facet.field=category_s&facet.limit=-1", """["Cake",1,"cup",2,"hidden",0,"tea",3]""")]
    [InlineData("facet.field=category_s&facet.limit=0&facet.missing=true", "[null,1]")]
    [InlineData("facet.field=category_s&facet.prefix=c", """["cup",2]""")]
    [InlineData("facet.field=category_s&facet.contains=C&facet.contains.ignoreCase=true&facet.mincount=1", """["cup",2,"Cake",1]""")]
    [InlineData("facet.field=category_s&facet.limit=1&f.category_s.facet.limit=2", """["tea",3,"cup",2]""")]
    [InlineData("facet.field=title_t&facet.mincount=1", """["green",2,"tea",2,"cup",1]""")]
    [InlineData("facet.field=signal_related_ss&facet.mincount=1", """["x",2,"y",1]""")]
    [InlineData("facet.field=quantity_l&facet.mincount=1", """["-2",2,"10",2,"9",1]""")]
    [InlineData("facet.field=quantity_l&facet.mincount=1&facet.sort=index", """["-2",2,"9",1,"10",2]""")]
    [InlineData("facet.field=price_d&facet.mincount=1", """["2.5",1]""")]
    [InlineData("facet.field=event_time_dt&facet.mincount=1", """["2011-12-01T08:05:00Z",1]""")]
    [InlineData("facet.field=deleted_b&facet.sort=index", """["false",1,"true",0]""")]
    [InlineData("facet.field=id&facet.prefix=a&facet.method=enum&facet.threads=2", """["a",1]""")]
    [InlineData("facet.field=category_s&fq=quantity_l:10&facet.mincount=1", """["cup",1,"tea",1]""")]
    public async Task AFacet_CountsTheHitsOfEachValue(string parameters, string expected)
    {
        var answer = await shop.Solr.SelectAsync($"q=*:*&rows=0&facet=true&{parameters}");

        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        Assert.Equal(expected, Assert.Single(answer.Json["facet_counts"]!["facet_fields"]!.AsObject()).Value!.ToJsonString());
    }

    [Fact]
    public async Task AFacet_IsCalledByItsKey_AndAQueryIsCountedAmongTheHits()
    {
        var answer = await shop.Solr.SelectAsync(
            "q=category_s:tea&rows=0&facet=true&facet.field={!key=k}category_s&facet.mincount=1&facet.query=quantity_l:10&facet.query={!key=few}quantity_l:[* TO 9]");

        Assert.Equal("""{"k":["tea",3]}""", answer.Json["facet_counts"]!["facet_fields"]!.ToJsonString());
        Assert.Equal("""{"quantity_l:10":1,"few":2}""", answer.Json["facet_counts"]!["facet_queries"]!.ToJsonString());
    }

    [Fact]
    public async Task Facets_ThatAreNotSwitchedOn_AreNotCounted() =>
        Assert.Null((await shop.Solr.SelectAsync("q=*:*&facet.field=category_s")).Json["facet_counts"]);

    [Theory]
    [InlineData("facet.field=nope", "undefined field: \"nope\"")]
    [InlineData("facet.field=quantity_l&facet.prefix=1", "facet.prefix is not supported on numeric types")]
    [InlineData("facet.field=category_s&facet.sort=random", "facet.sort=random is not supported by the sandbox")]
    [InlineData("facet.field=category_s&facet.limit=ten", "For input string: \"ten\"")]
    [InlineData("facet.field={!ex=t}category_s", "the local parameter 'ex' is not supported by the sandbox")]
    [InlineData("facet.query=nope:1", "undefined field nope")]
    [InlineData("facet.pivot=category_s", "the parameter 'facet.pivot' of /select is not supported by the sandbox")]
    [InlineData("json.facet={}", "the parameter 'json.facet' of /select is not supported by the sandbox")]
    public async Task AFacet_ThatCannotBeCounted_IsRefused(string parameters, string message)
    {
        var answer = await shop.Solr.SelectAsync($"q=*:*&facet=true&{parameters}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(message, answer.Error);
    }

    [Theory]
    [InlineData("stats.field=quantity_l", """{"min":-2.0,"max":10.0,"count":5,"missing":2,"sum":25.0,"sumOfSquares":289.0,"mean":5.0,"stddev":6.4031242374328485}""")]
    [InlineData("stats.field=signal_related_ss&stats.calcdistinct=true", """{"min":"x","max":"y","count":3,"missing":5,"distinctValues":["x","y"],"countDistinct":2}""")]
    [InlineData("stats.field={!count=true distinctValues=true}quantity_l", """{"count":5,"distinctValues":[-2,9,10]}""")]
    [InlineData("stats.field={!key=other mean=true}price_d", """{"mean":2.5}""")]
    [InlineData("stats.field=event_time_dt&fq=-event_time_dt:*", """{"min":null,"max":null,"count":0,"missing":6,"sum":0.0,"mean":null,"sumOfSquares":0.0,"stddev":0.0}""")]
    public async Task AField_HasTheStatisticsOfItsType(string parameters, string expected)
    {
        var answer = await shop.Solr.SelectAsync($"q=*:*&rows=0&stats=true&{parameters}");

        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        Assert.Equal(expected, Assert.Single(answer.Json["stats"]!["stats_fields"]!.AsObject()).Value!.ToJsonString());
    }

    [Theory]
    [InlineData("stats.field=title_t", "Field type text_general is not currently supported")]
    [InlineData("stats.field=deleted_b", "Field type boolean is not currently supported")]
    [InlineData("stats.field=nope", "undefined field: \"nope\"")]
    [InlineData("stats.field={!percentiles='50'}price_d", "the local parameter 'percentiles' is not supported by the sandbox")]
    [InlineData("stats.field=price_d&stats.facet=category_s", "the parameter 'stats.facet' of /select is not supported by the sandbox")]
    public async Task AField_WithoutStatistics_IsRefused(string parameters, string message)
    {
        var answer = await shop.Solr.SelectAsync($"q=*:*&stats=true&{parameters}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(message, answer.Error);
    }

    [Theory]
    [InlineData("q=*:*&fl=id,score&rows=1&sort=score desc,id asc", """{"numFound":7,"start":0,"maxScore":1.0,"numFoundExact":true,"docs":[{"id":"a","score":1.0}]}""")]
    [InlineData("q=quantity_l:[9 TO *]&fl=score&rows=1&sort=id desc&omitHeader=true&fq=id:a", """{"numFound":1,"start":0,"maxScore":1.0,"numFoundExact":true,"docs":[{"id":"a","title_t":"Green tea","category_s":"tea","price_d":2.5,"quantity_l":10,"event_time_dt":"2011-12-01T08:05:00Z","signal_related_ss":["x","y"],"_version_":0,"score":1.0}]}""")]
    public async Task AQuery_WhoseHitsScoreAlike_ReturnsTheScore(string parameters, string expected)
    {
        var response = (await shop.Solr.SelectAsync(parameters)).Json["response"]!;
        if (response["docs"]![0]!["_version_"] is not null)
        {
            response["docs"]![0]!["_version_"] = 0;
        }

        Assert.Equal(expected, response.ToJsonString());
    }

    /// <summary>Seven visible documents and a tombstone.</summary>
    public sealed class Shop : IAsyncLifetime
    {
        private readonly TemporaryDirectory _directory = new();

        internal RunningSolr Solr { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Solr = await RunningSolr.StartAsync(_directory.Path);
            await Solr.UpdateAsync(
                """
                [{"id":"a","title_t":"Green tea","category_s":"tea","price_d":2.5,"quantity_l":10,"event_time_dt":"2011-12-01T08:05:00Z","signal_related_ss":["x","y"]},
                 {"id":"b","title_t":"Cup, green green","category_s":"cup","quantity_l":-2,"signal_related_ss":["x"]},
                 {"id":"c","title_t":"tea","category_s":"tea","quantity_l":-2,"deleted_b":false},
                 {"id":"d","category_s":"tea","quantity_l":9},{"id":"e","category_s":"cup","quantity_l":10},{"id":"f","category_s":"Cake"},{"id":"h"},
                 {"id":"g","category_s":"hidden","deleted_b":true}]
                """,
                "commit=true");
            await Solr.UpdateAsync("""[{"id":"h","category_s":"Cake"},{"id":"uncommitted","category_s":"tea"}]""");
        }

        public async Task DisposeAsync()
        {
            await Solr.DisposeAsync();
            _directory.Dispose();
        }
    }
}
