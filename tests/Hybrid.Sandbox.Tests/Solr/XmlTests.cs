using System.Net;
using System.Xml.Linq;

namespace Hybrid.Sandbox.Tests.Solr;

/// <summary>What a client that posts and reads XML sees, as SolrNet does.</summary>
public sealed class XmlTests : SolrTest
{
    [Fact]
    public async Task AnUpdate_InXmlIsAppliedAndAnsweredInXml()
    {
        var answer = await PostAsync(
            """
            <add commitWithin="60000"><doc><field name="id">a</field><field name="title_t">Tea &amp; cake</field>
            <field name="signal_related_ss">x</field><field name="signal_related_ss">y</field><field name="quantity_l">3</field></doc>
            <doc><field name="id">b</field></doc></add>
            """);
        await PostAsync("<commit/>");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/xml; charset=UTF-8", answer.ContentType);
        Assert.Equal("0", XDocument.Parse(answer.Text).Descendants("int").First(element => (string?)element.Attribute("name") == "status").Value);
        var document = (await Solr.RealTimeAsync("a"))!;
        Assert.Equal("Tea & cake", (string)document["title_t"]!);
        Assert.Equal("""["x","y"]""", document["signal_related_ss"]!.ToJsonString());
        Assert.Equal("a b", await Solr.IdsAsync("*:*"));
    }

    [Fact]
    public async Task AnAtomicUpdate_InXmlGoesThroughTheChain()
    {
        const string Update =
            """
            <add><doc><field name="id">a</field><field name="attributes_version_l">{0}</field>
            <field name="title_t" update="set">T{0}</field><field name="price_d" update="set" null="true"/>
            <field name="signal_related_ss" update="set">x</field><field name="signal_related_ss" update="set">y</field>
            <field name="quantity_l" update="inc">2</field></doc></add>
            """;
        foreach (var version in (string[])["2", "1", "2", "3"])
        {
            await PostAsync(Update.Replace("{0}", version, StringComparison.Ordinal), "update.chain=attributes");
        }

        var document = (await Solr.RealTimeAsync("a"))!;
        Assert.Equal("T3", (string)document["title_t"]!);
        Assert.Equal(4, (long)document["quantity_l"]!);
        Assert.Null(document["price_d"]);
        Assert.Equal("""["x","y"]""", document["signal_related_ss"]!.ToJsonString());
    }

    [Fact]
    public async Task RefusedDocuments_AreListedInXml()
    {
        var answer = await PostAsync(
            """<add><doc><field name="id">a</field><field name="attributes_version_l">1</field><field name="nope">1</field></doc></add>""",
            "update.chain=attributes");

        var error = XDocument.Parse(answer.Text).Descendants("arr").Single(element => (string?)element.Attribute("name") == "errors").Element("lst")!;
        Assert.Equal(["ADD", "a", "ERROR: [doc=a] unknown field 'nope'"], error.Elements("str").Select(element => element.Value));
    }

    [Fact]
    public async Task Deletes_InXmlTakeIdsAndQueries()
    {
        await Solr.UpdateAsync("""[{"id":"a"},{"id":"b"},{"id":"c","quantity_l":1},{"id":"d"}]""");
        await PostAsync("<update><delete><id>a</id><id>b</id><query>quantity_l:1</query></delete><commit softCommit=\"true\"/></update>");

        Assert.Equal("d", await Solr.IdsAsync("*:*"));
    }

    [Theory]
    [InlineData("<add><doc><field>x</field></doc></add>")]
    [InlineData("<add><field name=\"id\">a</field></add>")]
    [InlineData("<frobnicate/>")]
    [InlineData("<add><doc>")]
    [InlineData("<!DOCTYPE x [<!ENTITY e \"e\">]><add/>")]
    public async Task BrokenXml_IsAnsweredWith400(string body) => Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(body)).Status);

    [Fact]
    public async Task ASelect_AnswersInTypedXml()
    {
        await Solr.UpdateAsync(
            """[{"id":"a","price_d":2,"quantity_l":3,"deleted_b":false,"event_time_dt":"2011-12-01T08:05:00Z","signal_related_ss":["x"]}]""",
            "commit=true");

        var answer = await Solr.SelectAsync("q=*:*&wt=xml&rows=100000000&version=2.2");
        var result = XDocument.Parse(answer.Text).Root!.Element("result")!;
        Assert.Equal("response", (string)result.Attribute("name")!);
        Assert.Equal("1", (string)result.Attribute("numFound")!);
        var fields = result.Element("doc")!.Elements().ToDictionary(field => (string)field.Attribute("name")!, field => $"{field.Name}:{field.Value}");
        Assert.Equal("str:a", fields["id"]);
        Assert.Equal("double:2.0", fields["price_d"]);
        Assert.Equal("long:3", fields["quantity_l"]);
        Assert.Equal("bool:false", fields["deleted_b"]);
        Assert.Equal("date:2011-12-01T08:05:00Z", fields["event_time_dt"]);
        Assert.Equal("arr:x", fields["signal_related_ss"]);
    }

    [Fact]
    public async Task AnError_InXmlNamesItsCode()
    {
        var answer = await Solr.SelectAsync("q=nope:1&wt=xml");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        var error = XDocument.Parse(answer.Text).Root!.Elements("lst").Single(element => (string?)element.Attribute("name") == "error");
        Assert.Equal("undefined field nope", error.Element("str")!.Value);
        Assert.Equal("400", error.Element("int")!.Value);
    }

    private Task<Answer> PostAsync(string body, string parameters = "") => Solr.PostAsync($"shop/update?{parameters}", body, "text/xml; charset=utf-8");
}
