using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Hybrid.Sandbox.Tests.Solr;

public sealed class RequestBodyTests : SolrTest
{
    [Fact]
    public async Task AGzippedBody_IsUnpacked()
    {
        var packed = Gzip("""[{"id":"a"},{"id":"b"}]""");

        Assert.Equal(HttpStatusCode.OK, (await PostAsync("shop/update?commit=true", packed, "gzip")).Status);
        Assert.Equal("a b", await Solr.IdsAsync("*:*"));
        Assert.Equal(1, (await PostAsync("shop/select", Gzip("""{"query":"id:b"}"""), "gzip")).NumFound);
    }

    [Fact]
    public async Task ADamagedGzippedBody_IsAnsweredWith400()
    {
        var packed = Gzip("""[{"id":"a"}]""");
        packed[0] ^= 1;

        var answer = await PostAsync("shop/update", packed, "gzip");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith("the gzip body is damaged: ", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABodyPackedOtherwise_IsAnsweredWith415() =>
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await PostAsync("shop/update", [1, 2], "br")).Status);

    [Fact]
    public async Task ABody_ThatUnpacksToMoreThanTheLimit_IsAnsweredWith413()
    {
        using var directory = new TemporaryDirectory();
        await using var small = await RunningSolr.StartAsync(directory.Path, maxRequestBytes: 1000);
        using var content = Content(Gzip(new string(' ', 100_000)), "gzip");
        using var response = await small.Client.PostAsync("shop/update", content);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Theory]
    [InlineData("", """{"query":"*:*","limit":1,"offset":1,"sort":"id desc","fields":"id"}""", "b")]
    [InlineData("", """{"query":"*:*","filter":"quantity_l:1","fields":["id","title_t"]}""", "a")]
    [InlineData("q=id:c&rows=2&sort=id+asc", """{"filter":["quantity_l:[* TO 2]"],"query":"*:*"}""", "a b")]
    [InlineData("fq=id:(a b)&sort=id+asc", """{"query":"*:*","filter":["id:(b c)"]}""", "b")]
    [InlineData("sort=id+asc", """{"params":{"q":"id:(a c)","sort":"id desc","fq":["-id:x"],"rows":5}}""", "a c")]
    [InlineData("json={query:1}", """{"query":"id:c"}""", null)]
    [InlineData("q=id:a&json=%7B%22query%22:%22id:c%22%7D", "", "c")]
    public async Task AJsonRequest_IsTranslatedIntoParameters(string parameters, string json, string? ids)
    {
        await Solr.UpdateAsync("""[{"id":"a","quantity_l":1},{"id":"b","quantity_l":2},{"id":"c","quantity_l":3}]""", "commit=true");

        var answer = await Solr.PostAsync($"shop/select?{parameters}", json, json.Length > 0 ? "application/json; charset=utf-8" : string.Empty);

        Assert.Equal(ids is null ? HttpStatusCode.BadRequest : HttpStatusCode.OK, answer.Status);
        Assert.Equal(ids, ids is null ? null : string.Join(' ', answer.Documents.Select(document => (string)document!["id"]!)));
    }

    [Theory]
    [InlineData("""{"query":"*:*","colour":"red"}""", "Unknown top-level key in JSON request : colour")]
    [InlineData("""{"query":"*:*","facet":{"c":{"type":"terms","field":"category_s"}}}""", "'facet' in a JSON request is not supported by the sandbox")]
    [InlineData("""{"query":{"lucene":{"query":"*:*"}}}""", "a query that is no string in a JSON request is not supported by the sandbox")]
    [InlineData("""{"query":"*:*","params":{"hl":true}}""", "hl=true is not supported by the sandbox")]
    [InlineData("""["*:*"]""", "Expected a JSON object as the search request")]
    [InlineData("""{"query":"\ud800"}""", "a text in the JSON request is not valid Unicode")]
    public async Task AJsonRequest_ThatCannotBeServed_IsRefused(string json, string message)
    {
        var answer = await Solr.PostAsync("shop/select", json, "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(message, answer.Error);
    }

    [Fact]
    public async Task ASearch_WithABodyOfAnotherType_IsRefused()
    {
        var answer = await Solr.PostAsync("shop/select", "q=*:*", "text/plain");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith("Bad contentType for search handler :text/plain", answer.Error, StringComparison.Ordinal);
    }

    private async Task<Answer> PostAsync(string address, byte[] body, string encoding)
    {
        using var content = Content(body, encoding);
        using var response = await Solr.Client.PostAsync(address, content);
        return await Answer.ReadAsync(response);
    }

    private static ByteArrayContent Content(byte[] body, string encoding)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add(encoding);
        return content;
    }

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }
}
