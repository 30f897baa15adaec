using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Hybrid.Sandbox.Registry;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Sandbox.Tests.Registry;

/// <summary>The REST API as its clients use it.</summary>
public sealed class RegistryServerTests : IAsyncLifetime
{
    private const string First = """{"type":"record","name":"Delta","namespace":"hybrid","fields":[{"name":"id","type":"string"}]}""";
    private const string WithDefault = """{"type":"record","name":"Delta","namespace":"hybrid","fields":[{"name":"id","type":"string"},{"name":"n","type":"int","default":0}]}""";
    private const string WithoutDefault = """{"type":"record","name":"Delta","namespace":"hybrid","fields":[{"name":"id","type":"string"},{"name":"m","type":"int"}]}""";

    private readonly TemporaryDirectory _directory = new();
    private readonly HttpClient _client = new();
    private RegistryServer _server = null!;

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _client.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Register_ThenGetById_ReturnsTheSchema()
    {
        var (status, answer) = await RegisterAsync("s-value", First);
        var id = (int)answer!["id"]!;

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(1, id);
        Assert.Equal(First, (string?)(await GetAsync($"schemas/ids/{id}"))!["schema"]);
        Assert.Equal("""["AVRO"]""", (await GetAsync("schemas/types"))!.ToJsonString());
    }

    [Fact]
    public async Task Answers_HaveTheRegistrysContentType()
    {
        using var response = await _client.GetAsync(Uri("subjects"));

        Assert.Equal("application/vnd.schemaregistry.v1+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Answers_EscapeASchemaWithBackslashesOnly()
    {
        await RegisterAsync("ü-value", "\"int\"");

        Assert.Equal("""{"subject":"ü-value","version":1,"id":1,"schema":"\"int\""}""", await _client.GetStringAsync(Uri("subjects/ü-value/versions/1")));
    }

    [Fact]
    public async Task Register_TheSameAgain_ChangesNothing()
    {
        var once = await RegisterAsync("s-value", First);
        var again = await RegisterAsync("s-value", "  " + First.Replace(",", " ,\n ", StringComparison.Ordinal));
        var elsewhere = await RegisterAsync("t-value", First);

        Assert.Equal((int)once.Body!["id"]!, (int)again.Body!["id"]!);
        Assert.Equal((int)once.Body["id"]!, (int)elsewhere.Body!["id"]!);
        Assert.Equal("[1]", (await GetAsync("subjects/s-value/versions"))!.ToJsonString());
    }

    [Fact]
    public async Task Register_AnIncompatibleSchema_Is409()
    {
        await RegisterAsync("s-value", First);

        var (status, answer) = await RegisterAsync("s-value", WithoutDefault);

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Equal(409, (int)answer!["error_code"]!);
        Assert.Contains("READER_FIELD_MISSING_DEFAULT_VALUE", (string?)answer["message"], StringComparison.Ordinal);
        Assert.Equal("[1]", (await GetAsync("subjects/s-value/versions"))!.ToJsonString());
    }

    [Fact]
    public async Task Register_ANewField_WithADefault_IsTheNextVersion()
    {
        await RegisterAsync("s-value", First);
        await RegisterAsync("s-value", WithDefault);

        var latest = await GetAsync("subjects/s-value/versions/latest");

        Assert.Equal("s-value", (string?)latest!["subject"]);
        Assert.Equal(2, (int)latest["version"]!);
        Assert.Equal(2, (int)latest["id"]!);
        Assert.Equal(WithDefault, (string?)latest["schema"]);
    }

    [Theory]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"a","type":"Unknown"}]}""")]
    [InlineData("not json")]
    [InlineData("")]
    public async Task Register_NoSchema_Is42201(string schema)
    {
        var (status, answer) = await RegisterAsync("s-value", schema);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal(42201, (int)answer!["error_code"]!);
        Assert.Equal("[]", (await GetAsync("subjects"))!.ToJsonString());
    }

    [Fact]
    public async Task Register_AForeignType_Is42201()
    {
        var (_, answer) = await SendAsync(HttpMethod.Post, "subjects/s/versions", """{"schema":"{}","schemaType":"JSON"}""");

        Assert.Equal(42201, (int)answer!["error_code"]!);
    }

    [Fact]
    public async Task Register_NoJson_Is400()
    {
        var (status, _) = await SendAsync(HttpMethod.Post, "subjects/s/versions", "{");

        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Theory]
    [InlineData("subjects/none/versions", 40401)]
    [InlineData("subjects/none/versions/1", 40401)]
    [InlineData("subjects/s-value/versions/7", 40402)]
    [InlineData("subjects/s-value/versions/zero", 42202)]
    [InlineData("schemas/ids/99", 40403)]
    [InlineData("config/none", 40408)]
    [InlineData("associations/resources/x", 404)]
    public async Task Missing_Things_HaveTheirErrorCode(string path, int code)
    {
        await RegisterAsync("s-value", First);

        var (status, answer) = await SendAsync(HttpMethod.Get, path);

        Assert.Equal(code == 42202 ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.NotFound, status);
        Assert.Equal(code, (int)answer!["error_code"]!);
        Assert.False(string.IsNullOrEmpty((string?)answer["message"]));
    }

    [Fact]
    public async Task WrongMethod_Is405()
    {
        var (status, answer) = await SendAsync(HttpMethod.Put, "subjects/x", "{}");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, status);
        Assert.Equal(405, (int)answer!["error_code"]!);
    }

    [Fact]
    public async Task Lookup_FindsTheVersionOfASchema()
    {
        await RegisterAsync("s-value", First);
        await RegisterAsync("s-value", WithDefault);

        var (_, known) = await SendAsync(HttpMethod.Post, "subjects/s-value", SchemaBody(First));
        var (_, unknown) = await SendAsync(HttpMethod.Post, "subjects/s-value", SchemaBody(WithoutDefault));
        var (_, noSubject) = await SendAsync(HttpMethod.Post, "subjects/none", SchemaBody(First));

        Assert.Equal(1, (int)known!["version"]!);
        Assert.Equal(40403, (int)unknown!["error_code"]!);
        Assert.Equal(40401, (int)noSubject!["error_code"]!);
    }

    [Fact]
    public async Task Config_IsGlobalUntilASubjectHasItsOwn()
    {
        await RegisterAsync("s-value", First);

        Assert.Equal("BACKWARD", (string?)(await GetAsync("config"))!["compatibilityLevel"]);
        await SendAsync(HttpMethod.Put, "config/s-value", """{"compatibility":"NONE"}""");
        Assert.Equal("NONE", (string?)(await GetAsync("config/s-value"))!["compatibilityLevel"]);
        Assert.Equal(HttpStatusCode.OK, (await RegisterAsync("s-value", WithoutDefault)).Status);
        await SendAsync(HttpMethod.Delete, "config/s-value");
        Assert.Equal("BACKWARD", (string?)(await GetAsync("config/s-value?defaultToGlobal=true"))!["compatibilityLevel"]);
        Assert.Equal(42203, (int)(await SendAsync(HttpMethod.Put, "config", """{"compatibility":"SOMETIMES"}""")).Body!["error_code"]!);
    }

    [Fact]
    public async Task Compatibility_IsTestedWithoutRegistering()
    {
        await RegisterAsync("s-value", First);

        var (_, good) = await SendAsync(HttpMethod.Post, "compatibility/subjects/s-value/versions/latest", SchemaBody(WithDefault));
        var (_, bad) = await SendAsync(HttpMethod.Post, "compatibility/subjects/s-value/versions/1?verbose=true", SchemaBody(WithoutDefault));

        Assert.True((bool)good!["is_compatible"]!);
        Assert.False((bool)bad!["is_compatible"]!);
        Assert.Contains("READER_FIELD_MISSING_DEFAULT_VALUE", (string?)bad["messages"]![0], StringComparison.Ordinal);
        Assert.Equal("[1]", (await GetAsync("subjects/s-value/versions"))!.ToJsonString());
    }

    [Fact]
    public async Task BackwardTransitive_HoldsEveryVersionAgainstTheNewOne()
    {
        const string text = """{"type":"record","name":"D","fields":[{"name":"a","type":"string"}]}""";
        const string none = """{"type":"record","name":"D","fields":[]}""";
        const string number = """{"type":"record","name":"D","fields":[{"name":"a","type":"int","default":0}]}""";
        foreach (var subject in new[] { "last", "all" })
        {
            await RegisterAsync(subject, text);
            await RegisterAsync(subject, none);
        }

        await SendAsync(HttpMethod.Put, "config/all", """{"compatibility":"BACKWARD_TRANSITIVE"}""");

        Assert.Equal(HttpStatusCode.OK, (await RegisterAsync("last", number)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await RegisterAsync("all", number)).Status);
    }

    [Fact]
    public async Task DeletedSubject_IsHiddenAndItsIdStays()
    {
        await RegisterAsync("s-value", First);

        var (_, early) = await SendAsync(HttpMethod.Delete, "subjects/s-value?permanent=true");
        var (_, soft) = await SendAsync(HttpMethod.Delete, "subjects/s-value");
        var hidden = await GetAsync("subjects");
        var shown = await GetAsync("subjects?deleted=true");
        var (_, again) = await RegisterAsync("s-value", First);

        Assert.Equal(40405, (int)early!["error_code"]!);
        Assert.Equal("[1]", soft!.ToJsonString());
        Assert.Equal("[]", hidden!.ToJsonString());
        Assert.Equal("""["s-value"]""", shown!.ToJsonString());
        Assert.Equal(1, (int)again!["id"]!);
        Assert.Equal("[2]", (await GetAsync("subjects/s-value/versions"))!.ToJsonString());
    }

    [Fact]
    public async Task DeletedVersion_GivesWayToTheOneBefore()
    {
        await RegisterAsync("s-value", First);
        await RegisterAsync("s-value", WithDefault);

        var (_, deleted) = await SendAsync(HttpMethod.Delete, "subjects/s-value/versions/latest");
        var (_, hard) = await SendAsync(HttpMethod.Delete, "subjects/s-value/versions/2?permanent=true");

        Assert.Equal(2, (int)deleted!);
        Assert.Equal(2, (int)hard!);
        Assert.Equal(1, (int)(await GetAsync("subjects/s-value/versions/latest"))!["version"]!);
    }

    [Fact]
    public async Task References_ResolveAndProtectWhatTheyUse()
    {
        await RegisterAsync("money", """{"type":"record","name":"Money","namespace":"m","fields":[{"name":"cents","type":"long"}]}""");
        var body = new JsonObject
        {
            ["schema"] = """{"type":"record","name":"Order","namespace":"o","fields":[{"name":"total","type":"m.Money"}]}""",
            ["references"] = new JsonArray(new JsonObject { ["name"] = "m.Money", ["subject"] = "money", ["version"] = 1 }),
        };

        var (status, answer) = await SendAsync(HttpMethod.Post, "subjects/order/versions", body.ToJsonString());
        await RestartAsync();
        var stored = await GetAsync($"schemas/ids/{(int)answer!["id"]!}");
        var (_, refused) = await SendAsync(HttpMethod.Delete, "subjects/money/versions/1");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("money", (string?)stored!["references"]![0]!["subject"]);
        Assert.Equal(42206, (int)refused!["error_code"]!);
    }

    [Fact]
    public async Task Subject_MayHoldASlash()
    {
        await RegisterAsync("a%2Fb", First);

        Assert.Equal("""["a/b"]""", (await GetAsync("subjects"))!.ToJsonString());
        Assert.Equal("[1]", (await GetAsync("subjects/a%2Fb/versions"))!.ToJsonString());
    }

    [Fact]
    public async Task ManyAtOnce_GetOneId()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => RegisterAsync("s-value", First)));

        Assert.All(answers, answer => Assert.Equal(1, (int)answer.Body!["id"]!));
        Assert.Equal("[1]", (await GetAsync("subjects/s-value/versions"))!.ToJsonString());
    }

    [Fact]
    public async Task Restart_KeepsIdsVersionsAndConfig()
    {
        await RegisterAsync("s-value", First);
        await RegisterAsync("s-value", WithDefault);
        await SendAsync(HttpMethod.Put, "config", """{"compatibility":"FULL"}""");

        await RestartAsync();

        Assert.Equal("[1,2]", (await GetAsync("subjects/s-value/versions"))!.ToJsonString());
        Assert.Equal(WithDefault, (string?)(await GetAsync("schemas/ids/2"))!["schema"]);
        Assert.Equal("FULL", (string?)(await GetAsync("config"))!["compatibilityLevel"]);
    }

    [Fact]
    public async Task Restart_KeepsModesAndDeletions_AndGivesNoIdTwice()
    {
        await RegisterAsync("s-value", First);
        await RegisterAsync("gone-value", WithDefault);
        await SendAsync(HttpMethod.Delete, "subjects/gone-value");
        await SendAsync(HttpMethod.Delete, "subjects/gone-value?permanent=true");
        await SendAsync(HttpMethod.Put, "mode/s-value", """{"mode":"READONLY"}""");

        await RestartAsync();

        Assert.Equal("READONLY", (string?)(await GetAsync("mode/s-value"))!["mode"]);
        Assert.Equal(40403, (int)(await SendAsync(HttpMethod.Get, "schemas/ids/2")).Body!["error_code"]!);
        Assert.Equal(3, (int)(await RegisterAsync("t-value", WithDefault)).Body!["id"]!);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    public async Task TornTail_IsCutOffAndTheRestServed(int lost)
    {
        await RegisterAsync("s-value", First);
        await RegisterAsync("s-value", WithDefault);
        await _server.DisposeAsync();
        await using (var journal = File.OpenWrite(Path.Combine(_directory.Path, "journal")))
        {
            journal.SetLength(journal.Length - lost);
        }

        await StartAsync();

        Assert.Equal("[1]", (await GetAsync("subjects/s-value/versions"))!.ToJsonString());
        Assert.Equal(2, (int)(await RegisterAsync("s-value", WithDefault)).Body!["id"]!);
        await RestartAsync();
        Assert.Equal("[1,2]", (await GetAsync("subjects/s-value/versions"))!.ToJsonString());
    }

    [Fact]
    public async Task RequestCounts_NameTheOperations()
    {
        await RegisterAsync("s-value", First);
        await SendAsync(HttpMethod.Get, "nowhere");

        Assert.Equal(1, _server.RequestCounts["Register"]);
        Assert.Equal(1, _server.RequestCounts["Error 404"]);
    }

    private static string SchemaBody(string schema) => new JsonObject { ["schema"] = schema }.ToJsonString();

    private Uri Uri(string path) => new(_server.BaseAddress, path);

    private Task<(HttpStatusCode Status, JsonNode? Body)> RegisterAsync(string subject, string schema) =>
        SendAsync(HttpMethod.Post, $"subjects/{subject}/versions", SchemaBody(schema));

    private async Task<JsonNode?> GetAsync(string path)
    {
        var (status, body) = await SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, status);
        return body;
    }

    private async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, Uri(path));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/vnd.schemaregistry.v1+json"));
        }

        using var response = await _client.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync()));
    }

    private async Task StartAsync()
    {
        _server = new RegistryServer(new RegistryServerOptions { DataDirectory = _directory.Path }, NullLoggerFactory.Instance);
        await _server.StartAsync();
    }

    private async Task RestartAsync()
    {
        await _server.DisposeAsync();
        await StartAsync();
    }
}
