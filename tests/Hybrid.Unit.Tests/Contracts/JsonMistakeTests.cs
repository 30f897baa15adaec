using System.Text.Json;
using System.Text.Json.Serialization;
using Hybrid.Contracts.Json;

namespace Hybrid.Unit.Tests.Contracts;

public sealed partial class JsonMistakeTests
{
    [Theory]
    [InlineData("""{"count":1,"colour":"red"}""", "'colour' is not known, in line 1 at $.colour")]
    [InlineData("{\n\"count\":\n\"many\"}", "the value is not of the kind that belongs there, in line 3 at $.count")]
    [InlineData("{}", "there is no 'count'")]
    public void Mistake_IsToldWithoutTheNamesOfTypes(string json, string expected)
    {
        var said = JsonMistake.Describe(Read(json));

        Assert.StartsWith(expected, said, StringComparison.Ordinal);
        Assert.DoesNotContain("Hybrid.", said, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"count\": 1")]
    [InlineData("{count}")]
    public void BrokenSyntax_IsOneLineWithItsPlace(string json)
    {
        var said = JsonMistake.Describe(Read(json));

        Assert.DoesNotContain('\n', said);
        Assert.Contains("LineNumber: 0", said, StringComparison.Ordinal);
    }

    private static JsonException Read(string json) =>
        Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize(json, SettingsJson.Default.Settings));

    internal sealed record Settings
    {
        public required int Count { get; init; }
    }

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
    [JsonSerializable(typeof(Settings))]
    internal sealed partial class SettingsJson : JsonSerializerContext;
}
