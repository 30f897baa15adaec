using System.Text.Json.Nodes;
using Hybrid.Comparison.Cost;
using Hybrid.Pipeline.Hosting;
using Hybrid.Unit.Tests.Reporting;
using Hybrid.Unit.Tests.Repository;

namespace Hybrid.Unit.Tests.Costs;

public sealed class PricingTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hybrid-pricing-");

    /// <summary>Every figure of the schema with a value just outside of its range.</summary>
    public static TheoryData<string, string, double> OutOfRange
    {
        get
        {
            var data = new TheoryData<string, string, double>();
            foreach (var (section, schema) in Schema["properties"]!.AsObject().Where(section => section.Value!["properties"] is not null))
            {
                foreach (var (name, property) in schema!["properties"]!.AsObject())
                {
                    var limits = property!["$ref"] is null ? property : Schema["$defs"]!["price"]!;
                    data.Add(section, name, limits["exclusiveMinimum"]?.GetValue<double>() ?? (limits["minimum"]!.GetValue<double>() - 1));
                    data.Add(section, name, limits["maximum"]!.GetValue<double>() + 1);
                }
            }

            return data;
        }
    }

    private static JsonNode Schema => JsonNode.Parse(File.ReadAllText(RepositoryRoot.File("contracts/pricing.schema.json")))!;

    private static JsonNode Shipped => JsonNode.Parse(File.ReadAllText(RepositoryRoot.File("compose/pricing.json")))!;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Examples_AreTheFileInCompose_FollowTheSchema_AndSayThatTheyAreExamples()
    {
        Assert.Empty(SchemaCheck.Violations(Schema, Schema, Shipped, "$"));
        var examples = PricingFile.Examples();
        Assert.Empty(PricingFile.Mistakes(examples));
        Assert.Equal(Shipped["kafka"]!["brokerHour"]!.GetValue<double>(), examples.Kafka.BrokerHour);
        Assert.Contains("example", examples.Source, StringComparison.Ordinal);
        Assert.Contains("nobody's quote", examples.Note, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public async Task Read_OfAFigureOutsideOfTheSchemasRange_NamesIt(string section, string name, double value)
    {
        var prices = Shipped;
        prices[section]![name] = name is "leastBrokers" or "replication" ? (int)value : value;
        Assert.NotEmpty(SchemaCheck.Violations(Schema, Schema, prices, "$"));
        Assert.Contains($"{section}.{name}", (await RefusedAsync(prices.ToJsonString())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "schemaVersion")]
    [InlineData("null", "null")]
    [InlineData("prices", "schema")]
    public async Task Read_OfWhatIsNoListOfPrices_IsAWrongCall(string content, string says) =>
        Assert.Contains(says, (await RefusedAsync(content)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Read_OfAMemberThatTheSchemaDoesNotHave_IsAWrongCall()
    {
        var prices = Shipped;
        prices["kafka"]!["brokerHours"] = 1;
        Assert.Contains("brokerHours", (await RefusedAsync(prices.ToJsonString())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_OfAFileThatIsNotThere_IsAWrongCall()
    {
        var failure = await Assert.ThrowsAsync<HybridException>(() => PricingFile.ReadAsync(Path.Combine(_directory.FullName, "none.json"), CancellationToken.None));
        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
    }

    private async Task<HybridException> RefusedAsync(string content)
    {
        var file = Path.Combine(_directory.FullName, "pricing.json");
        await File.WriteAllTextAsync(file, content);
        var failure = await Assert.ThrowsAsync<HybridException>(() => PricingFile.ReadAsync(file, CancellationToken.None));
        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
        return failure;
    }
}
