using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Hybrid.Pipeline.Http;

namespace Hybrid.Sandbox.Tests.Faults;

public sealed class RegistryFaultTests(FaultFixture fixture) : IClassFixture<FaultFixture>
{
    [Theory]
    [InlineData("500", 500, 50001)]
    [InlineData("50002", 500, 50002)]
    [InlineData("503", 503, 503)]
    public async Task Error_IsTheRegistrysOwnJson(string error, int status, int code)
    {
        var subject = $"refused-{error}-value";
        using (fixture.Inject(new() { Service = "registry", Operation = "Register", Target = "refused-*", Error = error }))
        {
            using var refused = await RegisterAsync(subject);
            Assert.Equal(status, (int)refused.StatusCode);
            Assert.Equal(code, (int)JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["error_code"]!);
            using var other = await RegisterAsync("other-value");
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        }

        using var taken = await RegisterAsync(subject);
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
    }

    [Fact]
    public async Task Drop_AfterHandling_HasRegisteredTheSchema()
    {
        using (fixture.Inject(new() { Service = "registry", Operation = "Register", Drop = true, When = "after" }))
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => RegisterAsync("unheard-value"));
        }

        Assert.Contains("unheard-value", await fixture.Http.GetStringAsync($"{fixture.Registry}/subjects"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Down_IsOverByItself()
    {
        using var fault = fixture.Inject(new() { Service = "registry", Down = true, For = "300ms" });

        await FaultFixture.UntilAsync(async () =>
        {
            try
            {
                return (await fixture.Http.GetStringAsync($"{fixture.Registry}/subjects")).Length > 0;
            }
            catch (Exception failure) when (BrokenConnection.Is(failure))
            {
                return false;
            }
        });

        Assert.False(fault.Status.InForce);
        Assert.True(fault.Status.Hits > 0);
    }

    [Fact]
    public async Task Faults_OfTheSameSeed_BefallTheSameRequests()
    {
        var outcomes = new List<string>();
        foreach (var seed in (long[])[7, 7, 8])
        {
            using var fault = fixture.Inject(new() { Service = "registry", Operation = "ListSubjects", Error = "503", Rate = 0.3, Seed = seed });
            var outcome = string.Empty;
            for (var request = 0; request < 40; request++)
            {
                using var answer = await fixture.Http.GetAsync($"{fixture.Registry}/subjects");
                outcome += answer.IsSuccessStatusCode ? '.' : 'x';
            }

            outcomes.Add(outcome);
            Assert.Equal((40, outcome.Count(each => each == 'x')), (fault.Status.Matched, fault.Status.Hits));
        }

        Assert.Equal(outcomes[0], outcomes[1]);
        Assert.NotEqual(outcomes[0], outcomes[2]);
        Assert.InRange(outcomes[0].Count(each => each == 'x'), 4, 24);
    }

    private Task<HttpResponseMessage> RegisterAsync(string subject) =>
        fixture.Http.PostAsJsonAsync($"{fixture.Registry}/subjects/{subject}/versions", new { schema = "\"string\"" });
}
