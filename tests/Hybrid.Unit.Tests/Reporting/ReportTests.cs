using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Hybrid.Comparison.Reporting;
using Hybrid.Comparison.Reporting.Html;
using Hybrid.Contracts;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;
using Hybrid.Pipeline.Hosting;
using Spectre.Console;

namespace Hybrid.Unit.Tests.Reporting;

public sealed class ReportTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hybrid-report-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Files_AreReadBackAsTheyWereWritten()
    {
        var report = SampleReport.Create();
        await ReportFiles.WriteAsync(report, _directory.FullName, CancellationToken.None);
        var read = await ReportFiles.ReadAsync(_directory.FullName, CancellationToken.None);
        Assert.Equal(Json(report).ToJsonString(), Json(read).ToJsonString());
        Assert.Equal(["report.html", "report.json", "report.md"], _directory.GetFiles().Select(file => file.Name).Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Json_FollowsItsSchema(bool converged)
    {
        var schema = JsonNode.Parse(ContractResources.ReportSchema)!;
        Assert.Empty(SchemaCheck.Violations(schema, schema, Json(SampleReport.Create(converged)), "$"));
    }

    [Fact]
    public void Json_WithExperiments_FollowsItsSchemaAndIsReadBack()
    {
        var schema = JsonNode.Parse(ContractResources.ReportSchema)!;
        var json = Json(SampleReport.WithExperiments());
        Assert.Empty(SchemaCheck.Violations(schema, schema, json, "$"));
        var read = json.Deserialize(ReportJson.Default.ComparisonReport)!;
        Assert.Equal(json.ToJsonString(), Json(read).ToJsonString());
    }

    [Fact]
    public void Json_FromBeforeThereWereExperiments_HasNone()
    {
        var json = Json(SampleReport.Create()).AsObject();
        json.Remove("experiments");
        Assert.Empty(json.Deserialize(ReportJson.Default.ComparisonReport)!.Experiments);
    }

    [Fact]
    public void Schema_NamesEveryFigureThatASummaryMayHold()
    {
        var names = JsonNode.Parse(ContractResources.ReportSchema)!["$defs"]!["pointSummary"]!["properties"]!["figures"]!["propertyNames"]!["enum"]!
            .AsArray().Select(name => name!.GetValue<string>());
        var constants = typeof(FigureNames).GetFields().Select(field => (string)field.GetRawConstantValue()!);
        Assert.Equal(constants.Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Schema_RefusesAFigureOfTheWrongTypeAndAMissingOne()
    {
        var schema = JsonNode.Parse(ContractResources.ReportSchema)!;
        var report = Json(SampleReport.Create());
        report["input"]!["lines"] = "many";
        report["lanes"]![0]!.AsObject().Remove("truth");
        Assert.Equal(2, SchemaCheck.Violations(schema, schema, report, "$").Count());
    }

    [Fact]
    public void Json_HoldsAPointOnOneLineWithFiveDigits()
    {
        var text = JsonSerializer.Serialize(SampleReport.Create(), ReportJson.Default.ComparisonReport);
        Assert.Contains("{\"x\":0.2,\"y\":99}", text, StringComparison.Ordinal);
        var point = JsonSerializer.Deserialize("""{ "y": 1e-3, "x": 123456.789 }""", ReportJson.Default.CurvePoint)!;
        Assert.Equal(new CurvePoint(123456.789, 0.001), point);
        Assert.Equal("""{"x":1.2346E+05,"y":0.001}""", JsonSerializer.Serialize(point, ReportJson.Default.CurvePoint));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{ "x": 1 }""", ReportJson.Default.CurvePoint));
    }

    [Fact]
    public void Json_LeavesOutWhatWasNotMeasured()
    {
        var cost = Json(SampleReport.Create())["lanes"]![0]!["cost"]!.AsObject();
        Assert.False(cost.ContainsKey("kafkaRequests"));
        Assert.True(cost.ContainsKey("solrRequests"));
    }

    [Fact]
    public void Html_IsWellFormedSelfContainedAndEscaped()
    {
        var html = HtmlReport.Render(SampleReport.Create(converged: false));
        var body = html[html.IndexOf("<main>", StringComparison.Ordinal)..(html.IndexOf("</main>", StringComparison.Ordinal) + "</main>".Length)].Replace("<br>", "<br/>", StringComparison.Ordinal);
        var parsed = XDocument.Parse(body);
        Assert.Equal(5, parsed.Descendants("figure").Count());
        Assert.All(parsed.Descendants("path"), path => Assert.Matches(@"^M[\d.]+ [\d.]+([LHV][\d. ]+)*$", path.Attribute("d")!.Value));
        Assert.Contains("a&lt;b: missing", html, StringComparison.Ordinal);
        Assert.Contains("NOT converged", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<link rel=\"stylesheet", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_OfLanesWithoutFigures_SaysNotMeasured()
    {
        var report = SampleReport.Create();
        var html = HtmlReport.Render(report with
        {
            Lanes = [report.Lanes[0] with { FreshnessSeconds = null, FreshnessCurve = [], Cost = new Cost(), Throughput = new Throughput { Records = 0, Lag = [] } }],
        });
        Assert.Contains("not measured in this run", html, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_HasARowForEachLane()
    {
        var markdown = MarkdownReport.Render(SampleReport.Create());
        Assert.Contains("| micro-batch | 1.20 s (one run) | 1.32 s (one run) |", markdown, StringComparison.Ordinal);
        Assert.Contains("| streaming | 250 ms (one run) |", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Terminal_ShowsEachLaneAndTheSum()
    {
        var printed = Printed(SampleReport.Create());
        Assert.Contains("micro-batch", printed, StringComparison.Ordinal);
        Assert.Contains("990 records + 10 dead letters", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void Terminal_OfRepeatedRuns_ShowsTheIntervalBelowTheMean()
    {
        var printed = Printed(SampleReport.WithExperiments());
        Assert.Contains("the mean of its runs and below it the 95 % interval:", printed, StringComparison.Ordinal);
        Assert.Matches("± [0-9.<]+", printed);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("nonsense")]
    public async Task Read_OfWhatIsNoReport_IsAWrongCall(string content)
    {
        var file = Path.Combine(_directory.FullName, "report.json");
        await File.WriteAllTextAsync(file, content);
        var failure = await Assert.ThrowsAsync<HybridException>(() => ReportFiles.ReadAsync(file, CancellationToken.None));
        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
    }

    [Theory]
    [InlineData(0.0004, "400 µs")]
    [InlineData(0.25, "250 ms")]
    [InlineData(12.345, "12.3 s")]
    [InlineData(600.0, "10.0 min")]
    [InlineData(null, "–")]
    public void Seconds_AreShownWithThreeDigits(double? seconds, string shown) => Assert.Equal(shown, Figures.Seconds(seconds));

    private static string Printed(ComparisonReport report)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 160;
        TerminalReport.Write(report, console);
        return output.ToString();
    }

    private static JsonNode Json(ComparisonReport report) => JsonSerializer.SerializeToNode(report, ReportJson.Default.ComparisonReport)!;
}
