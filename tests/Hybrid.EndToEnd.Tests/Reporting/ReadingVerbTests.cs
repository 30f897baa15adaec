using System.Text.Json;
using System.Text.Json.Nodes;
using Hybrid.Contracts.Reports;
using Hybrid.EndToEnd.Tests.CommandLine;

namespace Hybrid.EndToEnd.Tests.Reporting;

/// <summary>The verbs that read a report: <c>decide</c>, <c>project</c> and <c>report</c>.</summary>
public sealed class ReadingVerbTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hybrid-reading-").FullName;

    public ReadingVerbTests() => Write("report.json", RichReport.Create());

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Decide_NamesTheCheapestLaneThatMetIt_ForPeopleAndForMachines()
    {
        var (exitCode, output, errors) = await HybridProcess.RunAsync("decide", "--report", _directory, "--freshness", "3s", "--events-per-day", "100M");
        Assert.True(exitCode == 0, errors);
        Assert.StartsWith("direct is the cheapest lane that met the requirement", output, StringComparison.Ordinal);
        Assert.Contains("What would change the answer:", output, StringComparison.Ordinal);
        Assert.Contains("What was not measured:", output, StringComparison.Ordinal);

        (exitCode, output, errors) = await HybridProcess.RunAsync("decide", "--report", _directory, "--freshness", "3s", "--events-per-day", "100M", "--json");
        Assert.True(exitCode == 0, errors);
        var answer = JsonNode.Parse(output)!;
        Assert.Equal("direct", answer["lane"]!.GetValue<string>());
        Assert.Equal("beyond", answer["margin"]!["kind"]!.GetValue<string>());
    }

    [Fact]
    public async Task Decide_WhenNoLaneMetIt_NamesNoneAndExitsWith1()
    {
        var (exitCode, output, _) = await HybridProcess.RunAsync("decide", "--report", _directory, "--freshness", "1ms");
        Assert.Equal(1, exitCode);
        Assert.StartsWith("No measured lane met the requirement.", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("decide")]
    [InlineData("project", "--events-per-day", "1M")]
    public async Task WithoutAReport_ItSaysWhatToRunAndExitsWith2(params string[] call)
    {
        var (exitCode, output, errors) = await HybridProcess.RunAsync(call);
        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Contains("run hybrid compare", Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Project_ProjectsEveryLaneWithItsError()
    {
        var (exitCode, output, errors) = await HybridProcess.RunAsync("project", "--report", _directory, "--events-per-day", "5B", "--partition-period", "5m", "--documents", "40M", "--json");
        Assert.True(exitCode == 0, errors);
        var lanes = JsonNode.Parse(output)!["lanes"]!.AsArray();
        Assert.Equal(5, lanes.Count);
        Assert.All(lanes, lane => Assert.True(lane!["instances"]!.GetValue<int>() >= 1 && lane["freshnessP99"]!.GetValue<double>() > 0 && lane["solrShards"]!.GetValue<int>() >= 2));
        Assert.Contains(lanes, lane => lane!["error"] is not null);
    }

    [Fact]
    public async Task Report_SetAgainstAnOlderOne_ExitsWith1WhereSomethingMovedToTheWorse()
    {
        Write("faster.json", RichReport.Create(scale: 0.5));
        Write("slower.json", RichReport.Create(scale: 2));
        var output = Path.Combine(_directory, "redrawn");
        var (worse, said, _) = await HybridProcess.RunAsync("report", _directory, "--compare", Path.Combine(_directory, "faster.json"), "--out", output);
        Assert.Equal(1, worse);
        Assert.Contains("worse: freshness: streaming: freshness p99", said, StringComparison.Ordinal);
        var (better, _, _) = await HybridProcess.RunAsync("report", _directory, "--compare", Path.Combine(_directory, "slower.json"), "--out", output);
        Assert.Equal(0, better);
        Assert.Contains("<h2 id=\"changes\">", await File.ReadAllTextAsync(Path.Combine(output, "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_WithPricesOfTheUsers_IsDrawnWithThem()
    {
        var prices = Path.Combine(_directory, "prices.json");
        var (refused, _, errors) = await HybridProcess.RunAsync("report", _directory, "--pricing", prices);
        Assert.Equal(2, refused);
        Assert.Contains("compose/pricing.json", errors, StringComparison.Ordinal);
        await File.WriteAllTextAsync(prices, """
            { "schemaVersion": 1, "currency": "EUR", "source": "our contract", "date": "2026-01-31",
              "compute": { "coreHour": 0.03, "gibHour": 0.004, "utilisation": 0.5, "leastCores": 0.1, "leastGib": 0.25 },
              "scheduled": { "coreHour": 0.03, "gibHour": 0.004, "startUpSeconds": 5 },
              "kafka": { "leastBrokers": 0, "brokerHour": 0, "recordsPerSecondOfABroker": 1000, "replication": 3, "retentionHours": 24, "gibMonthStored": 0, "gibTransferred": 0 },
              "objectStore": { "millionRequests": 0 },
              "solr": { "coreHour": 0.03, "documentsPerCoreSecond": 5000, "coreSecondsPerCommit": 0.1 } }
            """);
        var (drawn, _, _) = await HybridProcess.RunAsync("report", _directory, "--pricing", prices, "--events-per-day", "20M");
        Assert.Equal(0, drawn);
        var html = await File.ReadAllTextAsync(Path.Combine(_directory, "report.html"));
        Assert.Contains("Prices: our contract, 2026-01-31, EUR.", html, StringComparison.Ordinal);
        Assert.Contains("20 M a day: a month", html, StringComparison.Ordinal);
    }

    private void Write(string name, ComparisonReport report) =>
        File.WriteAllText(Path.Combine(_directory, name), JsonSerializer.Serialize(report, ReportJson.Default.ComparisonReport));
}
