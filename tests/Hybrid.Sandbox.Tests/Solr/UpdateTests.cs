using System.Net;

namespace Hybrid.Sandbox.Tests.Solr;

public sealed class UpdateTests : SolrTest
{
    [Fact]
    public async Task ABulk_OfDocuments_IsFoundAfterTheCommit()
    {
        var answer = await Solr.UpdateAsync("""[{"id":"a","price_d":1.5,"quantity_l":3},{"id":"b","title_t":"Two"}]""", "commit=true");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(0, (int)answer.Json["responseHeader"]!["status"]!);
        Assert.Equal("a b", await Solr.IdsAsync("*:*"));
    }

    [Fact]
    public async Task AnEmptyList_IsAnsweredWith200() =>
        Assert.Equal(HttpStatusCode.OK, (await Solr.UpdateAsync("[]")).Status);

    [Fact]
    public async Task Commands_AreAppliedInOrder()
    {
        await Solr.UpdateAsync(
            """
            {"add":{"doc":{"id":"a"}},"add":{"doc":{"id":"b"},"commitWithin":60000},"add":[{"id":"c"},{"id":"d"}],
             "delete":"a","delete":["b"],"delete":{"id":"c"},"commit":{}}
            """);

        Assert.Equal("d", await Solr.IdsAsync("*:*"));
    }

    [Fact]
    public async Task ADelete_ByQuery_RemovesWhatItFindsCommittedOrNot()
    {
        await Solr.UpdateAsync("""[{"id":"a","quantity_l":1},{"id":"b","quantity_l":5}]""", "commit=true");
        await Solr.UpdateAsync("""[{"id":"c","quantity_l":7}]""");
        await Solr.UpdateAsync("""{"delete":{"query":"quantity_l:[5 TO *]"}}""", "commit=true");

        Assert.Equal("a", await Solr.IdsAsync("*:*"));
    }

    [Fact]
    public async Task ABulk_WithABadDocument_AppliesThoseBeforeItAndAnswers400()
    {
        var answer = await Solr.UpdateAsync("""[{"id":"a"},{"id":"b","quantity_l":"many"},{"id":"c"}]""", "commit=true");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("ERROR: [doc=b] Error adding field 'quantity_l'='many' msg=For input string: \"many\"", answer.Error);
        Assert.Equal(400, (int)answer.Json["error"]!["code"]!);
        await Solr.UpdateAsync("""{"commit":{}}""");
        Assert.Equal("a", await Solr.IdsAsync("*:*"));
    }

    [Theory]
    [InlineData("""[{"id":"x","nope":1}]""", "ERROR: [doc=x] unknown field 'nope'")]
    [InlineData("""[{"id":"x","event_time_dt":"yesterday"}]""", "ERROR: [doc=x] Error adding field 'event_time_dt'='yesterday' msg=Invalid Date String:'yesterday'")]
    [InlineData("""[{"id":"x","title_t":["a","b"]}]""", "ERROR: [doc=x] multiple values encountered for non multiValued field title_t: [a, b]")]
    [InlineData("""[{"title_t":"a"}]""", "Document is missing mandatory uniqueKey field: id")]
    [InlineData("""[{"id":"x","quantity_l":{"bump":1}}]""", "ERROR: [doc=x] Unknown operation for the an atomic update: bump")]
    public async Task ABadDocument_IsRefusedInSolrsWords(string body, string message)
    {
        var answer = await Solr.UpdateAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(message, answer.Error);
    }

    [Theory]
    [InlineData("""[{"id":"a"},{"id":"b" """)]
    [InlineData("""[{"id":"a"},"b"]""")]
    [InlineData("""[{"id":"a"}]]""")]
    [InlineData("""{"add":{"doc":{"id":"a"}},"frobnicate":{}}""")]
    public async Task BrokenJson_KeepsTheDocumentsBeforeTheBreak(string body)
    {
        var answer = await Solr.UpdateAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.NotNull(await Solr.RealTimeAsync("a"));
    }

    [Fact]
    public async Task Values_AreConvertedAsTheFieldTypesOfSolrDo()
    {
        await Solr.UpdateAsync(
            """
            [{"id":7,"quantity_l":2.9,"price_d":"12","deleted_b":"false","category_s":1.0,"event_time_dt":"2011-12-01T08:05:00.250Z",
              "title_t":"R\u00e9d \"heart\"","signal_related_ss":["x","y"],"campaign_s":null}]
            """);

        var document = (await Solr.RealTimeAsync("7"))!;
        Assert.Equal(2, (long)document["quantity_l"]!);
        Assert.Equal("12.0", document["price_d"]!.ToJsonString());
        Assert.False((bool)document["deleted_b"]!);
        Assert.Equal("1.0", (string)document["category_s"]!);
        Assert.Equal("2011-12-01T08:05:00.250Z", (string)document["event_time_dt"]!);
        Assert.Equal("Réd \"heart\"", (string)document["title_t"]!);
        Assert.Equal("""["x","y"]""", document["signal_related_ss"]!.ToJsonString());
        Assert.Null(document["campaign_s"]);
    }

    [Fact]
    public async Task AVersion_ExceedsWhatADoubleHoldsAndGrows()
    {
        await Solr.UpdateAsync("""[{"id":"a"},{"id":"b"}]""");

        var first = (long)(await Solr.RealTimeAsync("a"))!["_version_"]!;
        var second = (long)(await Solr.RealTimeAsync("b"))!["_version_"]!;
        Assert.True(first > 1L << 53);
        Assert.True(second > first);
    }

    [Fact]
    public async Task OptimisticConcurrency_RefusesAnotherVersionWith409()
    {
        var answer = await Solr.UpdateAsync("""[{"id":"a","quantity_l":1}]""", "versions=true");
        var version = (long)answer.Json["adds"]![1]!;

        Assert.Equal(HttpStatusCode.Conflict, (await Solr.UpdateAsync("""[{"id":"a","_version_":-1}]""")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await Solr.UpdateAsync("""[{"id":"b","_version_":1}]""")).Status);
        var conflict = await Solr.UpdateAsync("""[{"id":"a","_version_":12345}]""");
        Assert.Equal(HttpStatusCode.Conflict, conflict.Status);
        Assert.Equal($"version conflict for a expected=12345 actual={version}", conflict.Error);
        Assert.Equal(HttpStatusCode.Conflict, (await Solr.UpdateAsync("""{"delete":{"id":"a","_version_":12345}}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Solr.UpdateAsync($$"""[{"id":"a","quantity_l":2,"_version_":{{version}}}]""")).Status);
        Assert.Equal(2, (long)(await Solr.RealTimeAsync("a"))!["quantity_l"]!);
    }

    [Fact]
    public async Task AWrongContentType_Is415AndAnUnknownCore404()
    {
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await Solr.PostAsync("shop/update", "[]", "text/plain")).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await Solr.PostAsync("shop/update", "[]", string.Empty)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Solr.PostAsync("nobody/update", "[]", "application/json")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Solr.GetAsync("shop/nothing")).Status);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("", "application/json")]
    [InlineData("", "application/x-www-form-urlencoded")]
    [InlineData("commit=true", "application/x-www-form-urlencoded")]
    public async Task ACommit_NeedsNoBody(string body, string contentType)
    {
        await Solr.UpdateAsync("""[{"id":"a"}]""");

        Assert.Equal(HttpStatusCode.OK, (await Solr.PostAsync("shop/update?commit=true", body, contentType)).Status);
        Assert.Equal("a", await Solr.IdsAsync("*:*"));
    }

    [Theory]
    [InlineData("processor=x", "the parameter 'processor' of /update is not supported by the sandbox")]
    [InlineData("update.chain=none", "unknown UpdateRequestProcessorChain: none")]
    [InlineData("overwrite=false", "overwrite=false is not supported by the sandbox")]
    [InlineData("wt=javabin", "wt=javabin is not supported by the sandbox")]
    public async Task AParameter_ThatIsNotImplemented_IsRefused(string parameters, string message)
    {
        var answer = await Solr.UpdateAsync("""[{"id":"a"}]""", parameters);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(message, answer.Error);
        Assert.Null(await Solr.RealTimeAsync("a"));
    }

    [Fact]
    public async Task BareDocuments_AreTakenByTheDocsHandler()
    {
        await Solr.PostAsync("shop/update/json/docs?commit=true", """{"id":"a"}{"id":"b"}[{"id":"c"}]""", "application/json");

        Assert.Equal("a b c", await Solr.IdsAsync("*:*"));
    }
}
