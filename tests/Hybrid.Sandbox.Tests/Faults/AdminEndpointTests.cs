using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Hybrid.Sandbox.Tests.Faults;

public sealed class AdminEndpointTests(FaultFixture fixture) : IClassFixture<FaultFixture>
{
    private string Faults => fixture.Sandbox.Endpoints.AdminUrl + "/admin/faults";

    [Fact]
    public async Task Fault_IsAddedListedShownInTheStatusAndDeleted()
    {
        using var added = await fixture.Http.PostAsJsonAsync(Faults, new { service = "s3", operation = "HeadBucket", error = "503", seed = 7, @for = "1h" });
        var id = (string)JsonNode.Parse(await added.Content.ReadAsStringAsync())!["id"]!;
        using var head = await fixture.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"{fixture.Sandbox.Endpoints.S3Url}/{FaultFixture.Bucket}"));

        var listed = Assert.Single((await GetAsync(Faults)).AsArray())!;
        var status = await GetAsync(fixture.Sandbox.Endpoints.AdminUrl + "/admin/status");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable), (added.StatusCode, head.StatusCode));
        Assert.Equal(("error", 1L, 7L), ((string)listed["kind"]!, (long)listed["hits"]!, (long)listed["fault"]!["seed"]!));
        Assert.InRange((double)listed["remainingSeconds"]!, 1, 3600);
        Assert.Equal(id, (string)status["faults"]![0]!["id"]!);
        Assert.Equal(1, (long)status["services"]!["s3"]!["requests"]!["HeadBucket"]!);
        using var deleted = await fixture.Http.DeleteAsync($"{Faults}/{id}");
        using var again = await fixture.Http.DeleteAsync($"{Faults}/{id}");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (deleted.StatusCode, again.StatusCode));
        Assert.Empty((await GetAsync(Faults)).AsArray());
    }

    [Fact]
    public async Task Faults_AreAllDeletedAtOnce()
    {
        foreach (var service in (string[])["kafka", "registry", "s3", "solr"])
        {
            using var added = await fixture.Http.PostAsJsonAsync(Faults, new { service, target = "nothing", drop = true });
        }

        using var deleted = await fixture.Http.DeleteAsync(Faults);

        Assert.Equal(4, (int)JsonNode.Parse(await deleted.Content.ReadAsStringAsync())!["cleared"]!);
        Assert.Empty((await GetAsync(Faults)).AsArray());
    }

    [Theory]
    [InlineData("""{"service":"s3"}""", "no effect")]
    [InlineData("""{"service":"s3","dropped":true}""", "dropped")]
    [InlineData("not json", "no fault")]
    [InlineData("null", "null")]
    public async Task Body_ThatIsNoFault_IsRefusedInOneLine(string body, string named)
    {
        using var refused = await fixture.Http.PostAsync(Faults, new StringContent(body));
        var error = (string)JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["error"]!;

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(named, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherPathsAndMethods_AreRefused()
    {
        using var path = await fixture.Http.GetAsync(fixture.Sandbox.Endpoints.AdminUrl + "/admin/other");
        using var method = await fixture.Http.PutAsync(Faults, null);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed), (path.StatusCode, method.StatusCode));
    }

    private async Task<JsonNode> GetAsync(string address) => JsonNode.Parse(await fixture.Http.GetStringAsync(address))!;
}
