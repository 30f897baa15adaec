using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Hybrid.Sandbox.Tests.Solr;

/// <summary>What Solr says of itself: schema, files, cores, metrics.</summary>
public sealed class ReadOutTests : SolrTest
{
    [Theory]
    [InlineData("schema/name", """{"name":"hybrid"}""")]
    [InlineData("schema/version", """{"version":1.6}""")]
    [InlineData("schema/uniquekey", """{"uniqueKey":"id"}""")]
    [InlineData("schema/dynamicfields", """{"dynamicFields":[]}""")]
    [InlineData("schema/copyfields", """{"copyFields":[]}""")]
    [InlineData("schema/fields/_version_", """{"field":{"name":"_version_","type":"plong","docValues":true,"indexed":false,"stored":false}}""")]
    [InlineData("schema/fields/signal_related_ss", """{"field":{"name":"signal_related_ss","type":"string","docValues":true,"multiValued":true,"indexed":true,"stored":true}}""")]
    [InlineData("schema/fieldtypes/string", """{"fieldType":{"name":"string","class":"solr.StrField","sortMissingLast":true}}""")]
    [InlineData(
        "schema/fieldtypes/text_general",
        """{"fieldType":{"name":"text_general","class":"solr.TextField","positionIncrementGap":"100","analyzer":{"tokenizer":{"class":"solr.StandardTokenizerFactory"},"filters":[{"class":"solr.LowerCaseFilterFactory"}]}}}""")]
    public async Task TheSchema_IsReadOutAsItsFileHasIt(string path, string expected)
    {
        var answer = await Solr.GetAsync($"shop/{path}?indent=false&omitHeader=true");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(expected, answer.Text);
    }

    [Fact]
    public async Task TheWholeSchema_ListsFieldsAndTypesByName()
    {
        var schema = (await Solr.GetAsync("shop/schema")).Json["schema"]!.AsObject();

        Assert.Equal(["name", "version", "uniqueKey", "fieldTypes", "fields", "dynamicFields", "copyFields"], schema.Select(member => member.Key));
        var fields = Names(schema["fields"]!);
        Assert.Equal(16, fields.Length);
        Assert.Equal(fields.Order(StringComparer.Ordinal), fields);
        Assert.Equal(["boolean", "pdate", "pdouble", "plong", "string", "text_general"], Names(schema["fieldTypes"]!));
        Assert.Equal(fields, Names((await Solr.GetAsync("shop/schema/fields")).Json["fields"]!));
        Assert.Equal(["id", "price_d"], Names((await Solr.GetAsync("shop/schema/fields?fl=price_d,id")).Json["fields"]!));
    }

    [Theory]
    [InlineData("schema/fields/nope", 404, "No such field [nope]")]
    [InlineData("schema/fieldtypes/nope", 404, "No such field type [nope]")]
    [InlineData("schema/dynamicfields/nope", 404, "No such dynamic field [nope]")]
    [InlineData("schema/nonsense", 404, "No such path /schema/nonsense")]
    [InlineData("schema/fields?showDefaults=true", 400, "the parameter 'showDefaults' of /schema is not supported by the sandbox")]
    [InlineData("admin/file?file=nope.xml", 404, "Can not find: nope.xml")]
    [InlineData("admin/luke", 400, "the handler /admin/luke is not supported by the sandbox")]
    [InlineData("admin/ping?action=STATUS", 503, "healthcheck not configured")]
    [InlineData("admin/ping?action=DANCE", 400, "Unknown action: DANCE")]
    public async Task WhatIsNotThere_IsRefusedInSolrsWords(string path, int status, string message)
    {
        var answer = await Solr.GetAsync($"shop/{path}");

        Assert.Equal(status, (int)answer.Status);
        Assert.Equal(message, answer.Error);
    }

    [Fact]
    public async Task TheSchema_CannotBeEdited() =>
        Assert.Equal("schema is not editable", (await Solr.PostAsync("shop/schema", """{"add-field":{"name":"x","type":"string"}}""", "application/json")).Error);

    [Fact]
    public async Task AFile_IsGivenOutAsItIs()
    {
        var answer = await Solr.GetAsync("shop/admin/file?file=schema.xml");

        Assert.Equal("hybrid", (string)XDocument.Parse(answer.Text).Root!.Attribute("name")!);
    }

    [Fact]
    public async Task ACore_SaysWhatItIsAndHolds()
    {
        await Solr.UpdateAsync("""[{"id":"a"},{"id":"b"}]""", "commit=true");
        await Solr.UpdateAsync("""[{"id":"c"}]""");
        var core = (await Solr.GetAsync("admin/cores?action=STATUS&core=shop")).Json["status"]!["shop"]!.AsObject();

        Assert.Equal(["name", "instanceDir", "dataDir", "config", "schema", "startTime", "uptime", "index"], core.Select(member => member.Key));
        var index = core["index"]!;
        Assert.Equal((2, 2, 0), ((int)index["numDocs"]!, (int)index["maxDoc"]!, (int)index["deletedDocs"]!));
        Assert.False((bool)index["current"]!);
        Assert.False((bool)index["hasDeletions"]!);
        Assert.EndsWith(" bytes", (string)index["size"]!, StringComparison.Ordinal);
        Assert.True((long)index["sizeInBytes"]! > 0);
        Assert.NotNull(index["lastModified"]);
        Assert.Null((await Solr.GetAsync("admin/cores?indexInfo=false")).Json["status"]!["shop"]!["index"]);
    }

    [Fact]
    public async Task Metrics_CountRequestsErrorsCommitsAndCommands()
    {
        var before = (await Solr.GetAsync("admin/metrics?registry=solr.core.shop")).Json["metrics"]!["solr.core.shop"]!;
        Assert.Equal((0, 0), ((long)before["UPDATE./update.requests"]!, (long)before["QUERY./select-all.requests"]!));
        await Solr.UpdateAsync("""[{"id":"a"},{"id":"b"}]""", "commit=true");
        await Solr.UpdateAsync("""{"delete":"a","delete":{"query":"id:x"},"rollback":{}}""");
        await Solr.UpdateAsync("nonsense");
        await Solr.SelectAsync("q=*:*");
        await Solr.SelectAsync("q=nope:1");

        var core = (await Solr.GetAsync("admin/metrics?group=core&prefix=UPDATE.,QUERY./select,SEARCHER")).Json["metrics"]!["solr.core.shop"]!;
        Assert.Equal(3, (long)core["UPDATE./update.requests"]!);
        Assert.Equal(1, (long)core["UPDATE./update.errors"]!["count"]!);
        Assert.Equal(1, (long)core["UPDATE./update.clientErrors"]!["count"]!);
        Assert.Equal(0, (long)core["UPDATE./update.serverErrors"]!["count"]!);
        Assert.True((long)core["UPDATE./update.totalTime"]! > 0);
        Assert.Equal(2, (long)core["QUERY./select.requests"]!);
        Assert.Equal(1, (long)core["QUERY./select.errors"]!["count"]!);
        Assert.Equal(1, (long)core["UPDATE.updateHandler.commits"]!["count"]!);
        Assert.Equal(2, (long)core["UPDATE.updateHandler.cumulativeAdds"]!["count"]!);
        Assert.Equal(1, (long)core["UPDATE.updateHandler.cumulativeDeletesById"]!["count"]!);
        Assert.Equal(1, (long)core["UPDATE.updateHandler.cumulativeDeletesByQuery"]!["count"]!);
        Assert.Equal(1, (long)core["UPDATE.updateHandler.rollbacks"]!["count"]!);
        Assert.Equal(2, (long)core["SEARCHER.searcher.numDocs"]!);
        Assert.Null(core["INDEX.sizeInBytes"]);
    }

    [Fact]
    public async Task Metrics_AreChosenByGroupRegistryPrefixAndKey()
    {
        async Task<JsonNode> Metrics(string parameters) => (await Solr.GetAsync($"admin/metrics?{parameters}")).Json;

        await Solr.SelectAsync("q=*:*");
        Assert.Equal(["solr.core.shop", "solr.jvm", "solr.node"], Keys((await Metrics(""))["metrics"]!));
        Assert.Equal(["solr.node"], Keys((await Metrics("group=node"))["metrics"]!));
        Assert.Equal(["solr.jvm", "solr.node"], Keys((await Metrics("group=node,jvm&group=jetty"))["metrics"]!));
        Assert.Equal(["solr.core.shop"], Keys((await Metrics("registry=solr.core.shop"))["metrics"]!));
        var byKey = await Metrics("key=solr.core.shop:QUERY./select.requests&key=solr.core.shop:nope&key=solr.core.none:x");
        Assert.Equal("""{"solr.core.shop:QUERY./select.requests":1}""", byKey["metrics"]!.ToJsonString());
        Assert.Equal(
            """{"solr.core.shop:nope":"metric 'nope' not found","solr.core.none:x":"registry 'solr.core.none' not found"}""",
            byKey["errors"]!.ToJsonString().Replace("\\u0027", "'", StringComparison.Ordinal));
        Assert.Equal("the parameter 'regex' of /admin/metrics is not supported by the sandbox", (await Solr.GetAsync("admin/metrics?regex=.*")).Error);
    }

    private static string[] Names(JsonNode list) => list.AsArray().Select(item => (string)item!["name"]!).ToArray();

    private static string[] Keys(JsonNode node) => node.AsObject().Select(member => member.Key).ToArray();
}
