using System.Net;

namespace Hybrid.Sandbox.Tests.Solr;

public sealed class UpdateChainTests : SolrTest
{
    [Fact]
    public async Task AnOlderOrEqualVersion_IsDroppedInSilenceAndTheRestStands()
    {
        await Solr.UpdateThroughAsync("attributes", """[{"id":"a","attributes_version_l":10,"quantity_l":{"set":1}}]""");
        var answer = await Solr.UpdateThroughAsync(
            "attributes",
            """
            [{"id":"a","attributes_version_l":9,"quantity_l":{"set":2}},
             {"id":"a","attributes_version_l":10,"quantity_l":{"set":3}},
             {"id":"b","attributes_version_l":1,"quantity_l":{"set":4}}]
            """);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Empty(answer.Tolerated);
        Assert.Equal(-1, (int)answer.Json["responseHeader"]!["maxErrors"]!);
        Assert.Equal(1, (long)(await Solr.RealTimeAsync("a"))!["quantity_l"]!);
        Assert.Equal(4, (long)(await Solr.RealTimeAsync("b"))!["quantity_l"]!);
    }

    [Fact]
    public async Task TheSameDocument_TwiceInOneBulk_EndsAtTheGreaterVersion()
    {
        await Solr.UpdateThroughAsync(
            "attributes",
            """
            [{"id":"a","attributes_version_l":2,"quantity_l":{"set":2}},
             {"id":"a","attributes_version_l":3,"price_d":{"set":3}},
             {"id":"a","attributes_version_l":1,"quantity_l":{"set":1},"price_d":{"set":1}}]
            """);

        var document = (await Solr.RealTimeAsync("a"))!;
        Assert.Equal(3, (long)document["attributes_version_l"]!);
        Assert.Equal(2, (long)document["quantity_l"]!);
        Assert.Equal(3, (double)document["price_d"]!);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheFamilies_LeaveEachOtherAlone_WhicheverComesFirst(bool attributesFirst)
    {
        const string Attributes = """[{"id":"a","attributes_version_l":100,"title_t":{"set":"T"}}]""";
        const string Signals = """[{"id":"a","signals_version_l":5,"signal_units_l":{"set":7},"signal_related_ss":{"set":["x","y"]}}]""";
        await Solr.UpdateThroughAsync(attributesFirst ? "attributes" : "signals", attributesFirst ? Attributes : Signals);
        await Solr.UpdateThroughAsync(attributesFirst ? "signals" : "attributes", attributesFirst ? Signals : Attributes);
        await Solr.UpdateThroughAsync("signals", """[{"id":"a","signals_version_l":6,"signal_units_l":{"set":8},"signal_related_ss":{"set":null}}]""");

        var document = (await Solr.RealTimeAsync("a"))!;
        Assert.Equal("T", (string)document["title_t"]!);
        Assert.Equal(100, (long)document["attributes_version_l"]!);
        Assert.Equal(8, (long)document["signal_units_l"]!);
        Assert.Null(document["signal_related_ss"]);
    }

    [Fact]
    public async Task RefusedDocuments_AreListedAndTheRestStands()
    {
        var answer = await Solr.UpdateThroughAsync(
            "attributes",
            """
            [{"id":"a","attributes_version_l":1},{"id":"b","attributes_version_l":1,"quantity_l":{"set":"many"}},
             {"attributes_version_l":1},{"id":"c","attributes_version_l":1,"nope":2},{"id":"d","attributes_version_l":1}]
            """);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(
            [
                "ADD b Error converting field 'quantity_l'='many' to native type, msg=For input string: \"many\"",
                "ADD (unknown) Document is missing mandatory uniqueKey field: id",
                "ADD c ERROR: [doc=c] unknown field 'nope'",
            ],
            answer.Tolerated.Select(error => $"{error!["type"]} {error["id"]} {error["message"]}"));
        Assert.Equal("a d", await Solr.IdsAsync("*:*"));
    }

    [Theory]
    [InlineData("category_s", 40_000)]
    [InlineData("id", 33_000)]
    public async Task ATerm_ThatIsTooLongForTheIndex_IsRefusedWithoutBeingRepeated(string field, int length)
    {
        var id = field == "id" ? new string('x', length) : "a";
        var answer = await Solr.UpdateThroughAsync(
            "attributes",
            $$$"""[{"id":"{{{id}}}","attributes_version_l":1,"category_s":{"set":"{{{new string('y', field == "id" ? 1 : length)}}}"}},{"id":"b","attributes_version_l":1}]""");

        var message = (string)Assert.Single(answer.Tolerated)!["message"]!;
        Assert.StartsWith($"Exception writing document id {id} to the index; possible analysis error: ", message, StringComparison.Ordinal);
        Assert.EndsWith($"immense term in field=\"{field}\" (whose UTF8 encoding is longer than the max length 32766)", message, StringComparison.Ordinal);
        Assert.Equal("b", await Solr.IdsAsync("*:*"));
    }

    [Theory]
    [InlineData("""{"bad":{"x":1}}""", "Unknown operation")]
    [InlineData("""[{"id":"child"}]""", "Unable to index docs with children")]
    [InlineData("{}", "Unable to index docs with children")]
    public async Task ANestedValue_CondemnsItsDocumentOnly(string value, string reason)
    {
        var answer = await Solr.UpdateThroughAsync(
            "attributes",
            $$"""[{"id":"a","attributes_version_l":1,"title_t":{{value}}},{"id":"b","attributes_version_l":1}]""");

        Assert.Contains(reason, (string)Assert.Single(answer.Tolerated)!["message"]!, StringComparison.Ordinal);
        Assert.Equal("b", await Solr.IdsAsync("*:*"));
    }

    [Fact]
    public async Task ABadDocument_ThatIsOlder_IsDroppedBeforeItIsLookedAt()
    {
        await Solr.UpdateThroughAsync("attributes", """[{"id":"a","attributes_version_l":10}]""");
        var answer = await Solr.UpdateThroughAsync("attributes", """[{"id":"a","attributes_version_l":9,"nope":1}]""");

        Assert.Empty(answer.Tolerated);
    }

    [Fact]
    public async Task MoreErrorsThanMaxErrors_FailTheRequestWithTheFirst()
    {
        var answer = await Solr.UpdateAsync(
            """[{"id":"a","attributes_version_l":1,"x":1},{"id":"b","attributes_version_l":1,"y":1},{"id":"c","attributes_version_l":1}]""",
            "update.chain=attributes&maxErrors=1");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("ERROR: [doc=a] unknown field 'x'", answer.Error);
        Assert.Null(await Solr.RealTimeAsync("c"));
    }

    [Fact]
    public async Task ATombstone_IsHiddenFromSelectOnly()
    {
        await Solr.UpdateThroughAsync(
            "attributes",
            """[{"id":"a","attributes_version_l":1,"title_t":{"set":"T"}},{"id":"b","attributes_version_l":1}]""");
        await Solr.UpdateThroughAsync("attributes", """[{"id":"a","attributes_version_l":2,"title_t":{"set":null},"deleted_b":{"set":true}}]""");

        Assert.Equal("b", await Solr.IdsAsync("*:*"));
        Assert.Equal("a b", await Solr.IdsAsync("*:*", "select-all"));
        Assert.Null((await Solr.RealTimeAsync("a"))!["title_t"]);
    }

    [Fact]
    public async Task AtomicOperations_MeetWhatIsThere()
    {
        await Solr.UpdateAsync("""[{"id":"a","quantity_l":1,"price_d":1.5,"signal_related_ss":["x","y","x"],"category_s":"c"}]""");
        await Solr.UpdateAsync(
            """
            [{"id":"a","quantity_l":{"inc":4},"price_d":{"inc":-0.5},"signal_units_l":{"inc":2},
              "signal_related_ss":{"remove":"x","add":["z"],"add-distinct":["y","w"]},"category_s":{"set":[]}}]
            """);

        var document = (await Solr.RealTimeAsync("a"))!;
        Assert.Equal(5, (long)document["quantity_l"]!);
        Assert.Equal(1.0, (double)document["price_d"]!);
        Assert.Equal(2, (long)document["signal_units_l"]!);
        Assert.Equal("""["y","x","z","w"]""", document["signal_related_ss"]!.ToJsonString());
        Assert.Null(document["category_s"]);
    }

    [Fact]
    public async Task RemoveRegex_TakesAllAwayThatItMatchesFromEndToEnd()
    {
        await Solr.UpdateAsync("""[{"id":"a","signal_related_ss":["x1","x2","yx1","x1"]}]""");
        await Solr.UpdateAsync("""[{"id":"a","signal_related_ss":{"removeregex":["x[0-9]","z.*"]}}]""");
        var refusal = await Solr.UpdateAsync("""[{"id":"a","signal_related_ss":{"removeregex":"("}}]""");

        Assert.Equal("""["yx1"]""", (await Solr.RealTimeAsync("a"))!["signal_related_ss"]!.ToJsonString());
        Assert.Equal("the regular expression '(' cannot be read", refusal.Error);
    }

    [Fact]
    public async Task ADelete_ThroughAVersionedChain_IsCarriedOutAndForgetsTheVersion()
    {
        await Solr.UpdateThroughAsync("attributes", """[{"id":"a","attributes_version_l":9},{"id":"b","attributes_version_l":9,"quantity_l":{"set":1}}]""");
        var answer = await Solr.UpdateThroughAsync("attributes", """{"delete":"a","delete":{"query":"quantity_l:1"}}""");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Empty(await Solr.IdsAsync("*:*", "select-all"));

        await Solr.UpdateThroughAsync("attributes", """[{"id":"a","attributes_version_l":1}]""");
        Assert.Equal(1, (long)(await Solr.RealTimeAsync("a"))!["attributes_version_l"]!);
    }

    [Fact]
    public async Task ADocument_WithoutOperations_ReplacesTheOneThatIsThere()
    {
        await Solr.UpdateAsync("""[{"id":"a","quantity_l":1,"price_d":1.5}]""");
        await Solr.UpdateAsync("""[{"id":"a","quantity_l":2}]""");

        var document = (await Solr.RealTimeAsync("a"))!;
        Assert.Equal(2, (long)document["quantity_l"]!);
        Assert.Null(document["price_d"]);
    }
}
