namespace Hybrid.Sandbox.Tests.Conformance.Solr;

/// <summary>What curl shows of an answer, byte for byte as Solr 9 writes it: status, content type, layout, order and error bodies.</summary>
[Trait("Peer", "debian")]
public sealed partial class CurlTests(CurlTests.Shop shop) : IClassFixture<CurlTests.Shop>
{
    private const string Json = "200 application/json;charset=utf-8";
    private const string Xml = "200 application/xml; charset=UTF-8";

    [Fact]
    public Task ASelect_InJson_IsIndentedAsSolrIndents() => AnswersAsync(
        ["shop/select?q=id:(a+b)&sort=id+asc&fl=id,title_t,price_d,deleted_b,event_time_dt,signal_related_ss"],
        Json,
        """
        {
          "responseHeader":{
            "status":0,
            "QTime":0
          },
          "response":{
            "numFound":2,
            "start":0,
            "numFoundExact":true,
            "docs":[{
              "id":"a",
              "deleted_b":false,
              "title_t":"Tea & <cake> \"é\"\n",
              "price_d":2.5,
              "event_time_dt":"2011-12-01T08:05:00Z",
              "signal_related_ss":["x","y"]
            },{
              "id":"b",
              "price_d":1.0E10
            }]
          }
        }
        """);

    [Fact]
    public Task ASelect_ThatFindsNothing_HasASpaceWithinItsEmptyList() => AnswersAsync(
        ["shop/select?q=id:nobody&echoParams=all&rows=3&fq=a_b:x&df=id", "--data-urlencode", "fq=category_s:\"tea\"", "-d", "fq=price_d:1", "-G"],
        "400 application/json;charset=utf-8",
        """
        {
          "responseHeader":{
            "status":400,
            "QTime":0,
            "params":{
              "q":"id:nobody",
              "echoParams":"all",
              "rows":"3",
              "fq":["a_b:x","category_s:\"tea\"","price_d:1","-deleted_b:true"],
              "df":"id"
            }
          },
          "error":{
            "metadata":["error-class","org.apache.solr.common.SolrException","root-error-class","org.apache.solr.common.SolrException"],
            "msg":"undefined field a_b",
            "code":400
          }
        }
        """);

    [Fact]
    public Task ASelect_WithoutIndentation_IsOneLine() => AnswersAsync(
        ["shop/select?q=id:nobody&indent=false&echoParams=explicit&fl=*,score"],
        "400 application/json;charset=utf-8",
        """{"responseHeader":{"status":400,"QTime":0,"params":{"q":"id:nobody","indent":"false","echoParams":"explicit","fl":"*,score"}},"error":{"metadata":["error-class","org.apache.solr.common.SolrException","root-error-class","org.apache.solr.common.SolrException"],"msg":"the score of 'id:nobody' (only *:*, ranges, wildcards and field:* have one, which is 1) is not supported by the sandbox","code":400}}""");

    [Fact]
    public Task ASelect_InXml_IsLaidOutAsSolrDoes() => AnswersAsync(
        ["shop/select?q=id:(a+b+c)&sort=id+asc&rows=2&wt=xml&fl=id,title_t,price_d,quantity_l,deleted_b,event_time_dt,signal_related_ss&echoParams=explicit"],
        Xml,
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <response>

        <lst name="responseHeader">
          <int name="status">0</int>
          <int name="QTime">0</int>
          <lst name="params">
            <str name="q">id:(a b c)</str>
            <str name="sort">id asc</str>
            <str name="rows">2</str>
            <str name="wt">xml</str>
            <str name="fl">id,title_t,price_d,quantity_l,deleted_b,event_time_dt,signal_related_ss</str>
            <str name="echoParams">explicit</str>
          </lst>
        </lst>
        <result name="response" numFound="3" start="0" numFoundExact="true">
          <doc>
            <str name="id">a</str>
            <bool name="deleted_b">false</bool>
            <str name="title_t">Tea &amp; &lt;cake&gt; "é"
        </str>
            <double name="price_d">2.5</double>
            <long name="quantity_l">3</long>
            <date name="event_time_dt">2011-12-01T08:05:00Z</date>
            <arr name="signal_related_ss">
              <str>x</str>
              <str>y</str>
            </arr></doc>
          <doc>
            <str name="id">b</str>
            <double name="price_d">1.0E10</double>
            <long name="quantity_l">-1</long></doc>
        </result>
        </response>

        """);

    [Fact]
    public Task FacetsAndStats_InJson_HaveSolrsStructure() => AnswersAsync(
        ["shop/select?q=*:*&rows=0&fl=id,score&facet=true&facet.query=price_d:[5+TO+*]&facet.field=category_s&facet.field=quantity_l&f.category_s.facet.missing=on"
            + "&stats=true&stats.field=price_d&stats.field=category_s&stats.field=event_time_dt&stats.field={!key=none+min=true+mean=true}signal_units_l"],
        Json,
        """
        {
          "responseHeader":{
            "warnings":["Raising facet.mincount from 0 to 1, because field quantity_l is Points-based."],
            "status":0,
            "QTime":0
          },
          "response":{
            "numFound":4,
            "start":0,
            "maxScore":1.0,
            "numFoundExact":true,
            "docs":[ ]
          },
          "facet_counts":{
            "facet_queries":{
              "price_d:[5 TO *]":1
            },
            "facet_fields":{
              "category_s":["tea",2,"cup",1,"hidden",0,null,1],
              "quantity_l":["-1",2,"3",1]
            },
            "facet_ranges":{ },
            "facet_intervals":{ },
            "facet_heatmaps":{ }
          },
          "stats":{
            "stats_fields":{
              "price_d":{
                "min":2.5,
                "max":1.0E10,
                "count":2,
                "missing":2,
                "sum":1.00000000025E10,
                "sumOfSquares":1.0E20,
                "mean":5.00000000125E9,
                "stddev":7.071067810097708E9
              },
              "category_s":{
                "min":"cup",
                "max":"tea",
                "count":3,
                "missing":1
              },
              "event_time_dt":{
                "min":"2011-12-01T08:05:00Z",
                "max":"2011-12-01T08:05:00Z",
                "count":1,
                "missing":3,
                "sum":1.3227267E12,
                "mean":"2011-12-01T08:05:00Z",
                "sumOfSquares":1.74960592289289E24,
                "stddev":0.0
              },
              "none":{
                "min":null,
                "mean":"NaN"
              }
            }
          }
        }
        """);

    [Theory]
    [InlineData("map", """{"facet_fields":{"category_s":{"tea":2,"cup":1}}""")]
    [InlineData("arrarr", """{"facet_fields":{"category_s":[["tea",2],["cup",1]]}""")]
    [InlineData("arrmap", """{"facet_fields":{"category_s":[{"tea":2},{"cup":1}]}""")]
    [InlineData("flat", """{"facet_fields":{"category_s":["tea",2,"cup",1]}""")]
    public async Task AListOfNamedValues_TakesTheFormAskedFor(string style, string expected)
    {
        var answer = await shop.CurlAsync([$"shop/select?q=*:*&rows=0&indent=off&facet=on&facet.field=category_s&facet.mincount=1&json.nl={style}"]);

        Assert.Contains(expected[1..], answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public Task Facets_InXml_HaveSolrsStructure() => AnswersAsync(
        ["shop/select?q=*:*&rows=0&wt=xml&omitHeader=true&facet=true&facet.field=category_s&facet.limit=1&facet.missing=true"],
        Xml,
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <response>

        <result name="response" numFound="4" start="0" numFoundExact="true">
        </result>
        <lst name="facet_counts">
          <lst name="facet_queries"/>
          <lst name="facet_fields">
            <lst name="category_s">
              <int name="tea">2</int>
              <int>1</int>
            </lst>
          </lst>
          <lst name="facet_ranges"/>
          <lst name="facet_intervals"/>
          <lst name="facet_heatmaps"/>
        </lst>
        </response>

        """);

    [Fact]
    public Task AnError_InXml_HasSolrsStructure() => AnswersAsync(
        ["shop/update", "-H", "Content-Type: text/xml", "--data-binary", "<add><doc><field name=\"id\">x</field><field name=\"quantity_l\">many</field></doc></add>"],
        "400 application/xml; charset=UTF-8",
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <response>

        <lst name="responseHeader">
          <int name="status">400</int>
          <int name="QTime">0</int>
        </lst>
        <lst name="error">
          <lst name="metadata">
            <str name="error-class">org.apache.solr.common.SolrException</str>
            <str name="root-error-class">java.lang.NumberFormatException</str>
          </lst>
          <str name="msg">ERROR: [doc=x] Error adding field 'quantity_l'='many' msg=For input string: "many"</str>
          <int name="code">400</int>
        </lst>
        </response>

        """);

    [Theory]
    [InlineData("shop/update?commit=maybe", "text/plain", "[]", 415, "Unsupported ContentType: text/plain  Not in: [application/xml, application/json, text/json, text/xml]")]
    [InlineData("shop/update?commit=maybe", "application/json", "[]", 400, "invalid boolean value: maybe")]
    [InlineData("shop/update", "application/json", """[{"id":"z","_version_":7}]""", 409, "version conflict for z expected=7 actual=-1")]
    [InlineData("shop/terms", "application/json", "", 400, "the handler /terms is not supported by the sandbox")]
    [InlineData("shop/schema/fields/nope", "", "", 404, "No such field [nope]")]
    public async Task AnError_CarriesItsCodeInStatusAndBody(string address, string type, string body, int code, string message)
    {
        var answer = await shop.CurlAsync(type.Length == 0 ? [address] : [address, "-H", $"Content-Type: {type}", "--data-binary", body]);

        Assert.StartsWith($"{code} application/json;charset=utf-8", answer.Status, StringComparison.Ordinal);
        Assert.Contains($"\"status\":{code},", answer.Output, StringComparison.Ordinal);
        Assert.Contains($"\"msg\":\"{message}\",\n    \"code\":{code}\n  }}\n}}", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUnknownCore_IsAnsweredByThePageOfTheServletContainer()
    {
        var answer = await shop.CurlAsync(["nobody/select?q=*:*"]);

        Assert.Equal("404 text/html;charset=iso-8859-1", answer.Status);
        Assert.Contains("<title>Error 404 Not Found</title>", answer.Output, StringComparison.Ordinal);
        Assert.Contains("<tr><th>URI:</th><td>/solr/nobody/select</td></tr>", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public Task AnUpdate_InJson_IsAnsweredWithItsHeader() => AnswersAsync(
        ["shop/update", "-H", "Content-Type: application/json", "--data-binary", "[]"],
        Json,
        """
        {
          "responseHeader":{
            "status":0,
            "QTime":0
          }
        }
        """);

    [Fact]
    public Task ATolerantUpdate_ListsWhatItRefused_BeforeTheStatus() => AnswersAsync(
        ["shop/update?update.chain=attributes", "-H", "Content-Type: application/json", "--data-binary", """[{"id":"q","attributes_version_l":1,"nope":1}]"""],
        Json,
        """
        {
          "responseHeader":{
            "errors":[{
              "type":"ADD",
              "id":"q",
              "message":"ERROR: [doc=q] unknown field 'nope'"
            }],
            "maxErrors":-1,
            "status":0,
            "QTime":0
          }
        }
        """);

    [Fact]
    public Task ASearch_InAJsonBody_IsTranslated() => AnswersAsync(
        [
            "shop/select?sort=id+desc", "-H", "Content-Type: application/json", "--data-binary",
            """{"query":"category_s:*","filter":["-id:b"],"fields":["id"],"offset":1,"limit":5,"params":{"wt":"json","omitHeader":true}}""",
        ],
        Json,
        """
        {
          "response":{
            "numFound":2,
            "start":1,
            "numFoundExact":true,
            "docs":[{
              "id":"a"
            }]
          }
        }
        """);

    [Fact]
    public Task AField_IsDescribedWithItsPropertiesInSolrsOrder() => AnswersAsync(
        ["shop/schema/fields/id"],
        Json,
        """
        {
          "responseHeader":{
            "status":0,
            "QTime":0
          },
          "field":{
            "name":"id",
            "type":"string",
            "docValues":true,
            "multiValued":false,
            "indexed":true,
            "required":true,
            "stored":true
          }
        }
        """);

    [Fact]
    public Task APing_SaysThatThereIsNoCluster() => AnswersAsync(
        ["shop/admin/ping/"],
        Json,
        """
        {
          "responseHeader":{
            "zkConnected":null,
            "status":0,
            "QTime":0
          },
          "status":"OK"
        }
        """);

    private async Task AnswersAsync(string[] arguments, string status, string body)
    {
        var answer = await shop.CurlAsync(arguments);

        Assert.Equal(body, answer.Output);
        Assert.Equal(status, answer.Status);
    }
}
