using Confluent.SchemaRegistry;
using Hybrid.Sandbox.Registry;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaReference = Confluent.SchemaRegistry.SchemaReference;

namespace Hybrid.Sandbox.Tests.Conformance.Registry;

/// <summary>The sandbox's registry through Confluent's own client.</summary>
public sealed class ConfluentClientTests : IAsyncLifetime
{
    private const string Subject = "orders-value";
    private const string First = """{"type":"record","name":"Order","namespace":"o","fields":[{"name":"id","type":"string"}]}""";
    private const string Second = """{"type":"record","name":"Order","namespace":"o","fields":[{"name":"id","type":"string"},{"name":"n","type":"int","default":0}]}""";
    private const string Incompatible = """{"type":"record","name":"Order","namespace":"o","fields":[{"name":"id","type":"string"},{"name":"m","type":"int"}]}""";

    private readonly TemporaryDirectory _directory = new();
    private RegistryServer _server = null!;
    private CachedSchemaRegistryClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = new RegistryServer(new RegistryServerOptions { DataDirectory = _directory.Path }, NullLoggerFactory.Instance);
        await _server.StartAsync();
        _client = new CachedSchemaRegistryClient(new SchemaRegistryConfig { Url = _server.BaseAddress.ToString() });
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Schemas_AreRegisteredFoundAndListed()
    {
        var first = await _client.RegisterSchemaAsync(Subject, Avro(First));
        var second = await _client.RegisterSchemaAsync(Subject, Avro(Second), normalize: true);
        _client.ClearCaches();

        var latest = await _client.GetLatestSchemaAsync(Subject);
        var found = await _client.LookupSchemaAsync(Subject, Avro(First), ignoreDeletedSchemas: true);

        Assert.Equal(First, (await _client.GetSchemaAsync(first)).SchemaString);
        Assert.Equal(First, (await _client.GetSchemaBySubjectAndIdAsync(Subject, first)).SchemaString);
        Assert.Equal((second, 2, Second), (latest.Id, latest.Version, latest.SchemaString));
        Assert.Equal((first, 1), (found.Id, found.Version));
        Assert.Equal(1, (await _client.GetRegisteredSchemaAsync(Subject, 1)).Version);
        Assert.Equal(second, await _client.GetSchemaIdAsync(Subject, Avro(Second)));
        Assert.Equal([Subject], await _client.GetAllSubjectsAsync());
        Assert.Equal([1, 2], await _client.GetSubjectVersionsAsync(Subject));
    }

    [Fact]
    public async Task Compatibility_IsAskedSetAndEnforced()
    {
        await _client.RegisterSchemaAsync(Subject, Avro(First));

        Assert.Equal(Compatibility.Backward, await _client.GetCompatibilityAsync());
        Assert.True(await _client.IsCompatibleAsync(Subject, Avro(Second)));
        Assert.False(await _client.IsCompatibleAsync(Subject, Avro(Incompatible)));
        var refused = await Assert.ThrowsAsync<SchemaRegistryException>(() => _client.RegisterSchemaAsync(Subject, Avro(Incompatible)));
        Assert.Equal((409, 409), ((int)refused.Status, refused.ErrorCode));
        Assert.Equal(Compatibility.None, await _client.UpdateCompatibilityAsync(Compatibility.None, Subject));
        Assert.Equal(Compatibility.None, await _client.GetCompatibilityAsync(Subject));
        await _client.RegisterSchemaAsync(Subject, Avro(Incompatible));
    }

    [Fact]
    public async Task References_GoAndComeBack()
    {
        await _client.RegisterSchemaAsync("money", Avro("""{"type":"record","name":"Money","namespace":"m","fields":[]}"""));
        var schema = new Schema(
            """{"type":"record","name":"Priced","fields":[{"name":"price","type":"m.Money"}]}""",
            [new SchemaReference("m.Money", "money", 1)],
            SchemaType.Avro);

        var id = await _client.RegisterSchemaAsync("priced", schema);
        _client.ClearCaches();

        var reference = Assert.Single((await _client.GetSchemaAsync(id)).References);
        Assert.Equal(("m.Money", "money", 1), (reference.Name, reference.Subject, reference.Version));
    }

    [Fact]
    public async Task Errors_HaveTheirCodes()
    {
        await _client.RegisterSchemaAsync(Subject, Avro(First));

        Assert.Equal(40401, await ErrorAsync(() => _client.GetSubjectVersionsAsync("none")));
        Assert.Equal(40402, await ErrorAsync(() => _client.GetRegisteredSchemaAsync(Subject, 9)));
        Assert.Equal(40403, await ErrorAsync(() => _client.GetSchemaAsync(99)));
        Assert.Equal(40403, await ErrorAsync(() => _client.LookupSchemaAsync(Subject, Avro(Second), ignoreDeletedSchemas: true)));
        Assert.Equal(40408, await ErrorAsync(() => _client.GetCompatibilityAsync("none")));
        Assert.Equal(42201, await ErrorAsync(() => _client.RegisterSchemaAsync(Subject, Avro("{}"))));
        Assert.Equal(404, await ErrorAsync(() => _client.GetAssociationsByResourceNameAsync("orders", "-", "topic", ["value"], null!, 0, -1)));
    }

    private static Schema Avro(string text) => new(text, SchemaType.Avro);

    private static async Task<int> ErrorAsync(Func<Task> call) => (await Assert.ThrowsAsync<SchemaRegistryException>(call)).ErrorCode;
}
