using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Hybrid.Sandbox.Tests.Faults;

public sealed class SolrFaultTests(FaultFixture fixture) : IClassFixture<FaultFixture>
{
    [Theory]
    [InlineData("503")]
    [InlineData("429")]
    [InlineData("500")]
    public async Task Error_IsSolrsOwnJsonUntilItIsCleared(string error)
    {
        using (fixture.Inject(new() { Service = "solr", Operation = "update", Target = FaultFixture.Core, Error = error }))
        {
            using var refused = await UpdateAsync("refused");
            var body = JsonNode.Parse(await refused.Content.ReadAsStringAsync())!;

            Assert.Equal(error, ((int)refused.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal((int)refused.StatusCode, (int)body["error"]!["code"]!);
            Assert.Equal((int)refused.StatusCode, (int)body["responseHeader"]!["status"]!);
            Assert.Equal(error == "500", refused.Headers.RetryAfter is null);
            Assert.Equal(0, await CountAsync("refused"));
        }

        using var taken = await UpdateAsync("taken-" + error, "commit=true");
        Assert.Equal(1, await CountAsync("taken-" + error));
    }

    [Fact]
    public async Task Stall_HoldsAllRequestsUntilItIsOver()
    {
        Task<HttpResponseMessage>[] held;
        using (var fault = fixture.Inject(new() { Service = "solr", Stall = "1h" }))
        {
            held = [UpdateAsync("held"), fixture.Http.GetAsync(fixture.Solr + "/select?q=*:*"), fixture.Http.GetAsync(fixture.Solr + "/get?id=held")];
            await FaultFixture.UntilAsync(() => Task.FromResult(fault.Status.Hits == 3));
            Assert.All(held, each => Assert.False(each.IsCompleted));
        }

        foreach (var each in held)
        {
            using var answer = await each;
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Stall_IsOverByItselfAndHappensOnce()
    {
        using var fault = fixture.Inject(new() { Service = "solr", Stall = "200ms" });

        using var held = await UpdateAsync("briefly");
        await FaultFixture.UntilAsync(() => Task.FromResult(!fault.Status.InForce));

        Assert.Equal(HttpStatusCode.OK, held.StatusCode);
        Assert.Equal(1, fault.Status.Hits);
    }

    [Theory]
    [InlineData("commit=true", """[{"id":"ID"}]""")]
    [InlineData("softCommit=true", """[{"id":"ID"}]""")]
    [InlineData("", """{"add":{"doc":{"id":"ID"}},"commit":{}}""")]
    public async Task Stall_OfCommits_HoldsThemAndNothingElse(string parameters, string body)
    {
        var id = "committed-" + parameters;
        Task<HttpResponseMessage> commit;
        using (var fault = fixture.Inject(new() { Service = "solr", Operation = "commit", Stall = "1h" }))
        {
            using var update = await UpdateAsync("uncommitted");
            commit = PostAsync(parameters, body.Replace("ID", id, StringComparison.Ordinal));
            await FaultFixture.UntilAsync(() => Task.FromResult(fault.Status.Hits >= 1));

            Assert.Equal(HttpStatusCode.OK, update.StatusCode);
            Assert.Equal(0, await CountAsync(id));
            Assert.False(commit.IsCompleted);
        }

        using var answer = await commit;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1, await CountAsync(id));
    }

    [Fact]
    public async Task Error_OfACommit_LeavesTheDocumentToTheNext()
    {
        using (fixture.Inject(new() { Service = "solr", Operation = "commit", Error = "500" }))
        {
            using var refused = await UpdateAsync("patient", "commit=true");
            Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
        }

        using var commit = await fixture.Http.GetAsync(fixture.Solr + "/update?commit=true");
        Assert.Equal(1, await CountAsync("patient"));
    }

    [Fact]
    public async Task Drop_AfterHandling_HasAppliedTheUpdate()
    {
        using (fixture.Inject(new() { Service = "solr", Operation = "update", Drop = true, When = "after" }))
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => UpdateAsync("unheard", "commit=true"));
        }

        Assert.Equal(1, await CountAsync("unheard"));
    }

    private async Task<int> CountAsync(string id)
    {
        var answer = await fixture.Http.GetStringAsync($"{fixture.Solr}/select?q=id:%22{Uri.EscapeDataString(id)}%22&rows=0&wt=json");
        return (int)JsonNode.Parse(answer)!["response"]!["numFound"]!;
    }

    private Task<HttpResponseMessage> UpdateAsync(string id, string parameters = "") => PostAsync(parameters, $$"""[{"id":"{{id}}"}]""");

    private async Task<HttpResponseMessage> PostAsync(string parameters, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await fixture.Http.PostAsync($"{fixture.Solr}/update?{parameters}", content);
    }
}
