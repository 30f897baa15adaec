using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hybrid.Comparison.Crashes.Publishing;
using Hybrid.Comparison.Experiments.Plans;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;
using Hybrid.Contracts.Stack;
using Hybrid.EndToEnd.Tests.CommandLine;

namespace Hybrid.EndToEnd.Tests.Comparison;

/// <summary>The experiments on real processes, and the measuring held against lanes that are known to be slow or to lose.</summary>
public sealed class ExperimentTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("hybrid-experiment-").FullName;

    private string Out => Path.Combine(_directory, "out");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Experiments_OfASettingsFile_AreRepeatedSummarisedAndConverge()
    {
        var prices = Path.Combine(_directory, "prices.json");
        using (var examples = new StreamReader(typeof(ExperimentSettings).Assembly.GetManifestResourceStream("pricing.json")!))
        {
            await File.WriteAllTextAsync(prices, (await examples.ReadToEndAsync()).Replace("\"USD\"", "\"XTS\"", StringComparison.Ordinal));
        }

        var report = await CompareAsync(
            0,
            """
            { "experiments": ["freshness", "faults", "cost"], "lanes": ["streaming"], "repeat": 2, "pace": "100ms", "partitions": 14, "recordsPerPartition": 50,
              "warmUpPartitions": 4, "faults": ["solr-refusing"], "faultLength": "300ms", "rest": "500ms", "freshnessTarget": "1h", "budget": null,
              "minimumSamples": 10, "maxSteal": 1, "maxOtherLoad": 1, "maxGeneratorLateness": 1000 }
            """,
            "--pricing", prices, "--events-per-day", "20M", "--partition-period", "1h");
        Assert.Equal("generated from seed 1", report.Input.Source);
        Assert.Equal(["freshness", "faults", "cost"], report.Experiments.Select(experiment => experiment.Kind));
        Assert.All(report.Experiments, experiment =>
        {
            Assert.Equal([1, 2], experiment.Runs.Select(run => run.Repetition).Order());
            var summary = Assert.Single(experiment.Summaries);
            Assert.Equal(2, summary.Runs.Count);
            Assert.True(summary.Converged);
            Assert.Equal(2 * 10 * 10, summary.FreshnessSeconds!.Samples);
            Assert.NotNull(summary.Figures[FigureNames.FreshnessP99].Low);
            Assert.Contains("acknowledged", summary.Stages.Keys);
        });
        var fault = report.Experiments[1].Runs[0].Fault!;
        Assert.Equal("solr-refusing", fault.Name);
        Assert.True(fault.ToSeconds > fault.FromSeconds && fault.OutOfOrder >= 0 && fault.Regressions == 0);
        var cost = Assert.Single(report.Experiments[2].Summaries);
        Assert.True(cost.MetTarget);
        Assert.True(cost.Figures[FigureNames.RestMemory].Mean > 0);
        Assert.Equal("streaming", Assert.Single(report.Lanes).Name);
        var html = await File.ReadAllTextAsync(Path.Combine(Out, "report.html"));
        Assert.Contains("What a month costs at 20 M events a day, in partitions of 60 min", html, StringComparison.Ordinal);
        Assert.Contains("XTS", html, StringComparison.Ordinal);
        Assert.DoesNotContain("USD", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restarts_ThatSkipAsTold_AreNoFailureAndSayWhatTheySkipped()
    {
        var report = await CompareAsync(
            0,
            """
            { "experiments": ["restart"], "lanes": ["streaming", "direct"], "repeat": 1, "pace": "250ms", "partitions": 40, "recordsPerPartition": 20, "warmUpPartitions": 2,
              "restarts": ["outage"], "outage": "2s", "policies": ["latest"], "budget": null, "minimumRuns": 1, "minimumSamples": 1, "maxSteal": 1, "maxOtherLoad": 1, "maxGeneratorLateness": 1000 }
            """);
        var experiment = Assert.Single(report.Experiments);
        Assert.Equal(
            [("direct", "direct"), ("streaming", "publisher"), ("streaming", "streaming")],
            experiment.Runs.Select(run => (run.Lane, Assert.Single(run.Restarts).Target)).Order());
        Assert.All(experiment.Runs, run =>
        {
            Assert.Empty(run.Errors);
            Assert.True(run.Restarts[0].Skipped > 0 || run.Truth.Converged);
            Assert.Equal(2, run.Restarts[0].OutageSeconds);
        });
        Assert.Contains(experiment.Runs, run => run.Restarts[0].Skipped > 0 && !run.Truth.Converged);
        Assert.Contains("lost or doubled anything, but for", report.Decision!.Summary, StringComparison.Ordinal);
        Assert.Contains(experiment.Findings, finding => finding.Contains(" records, as told", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lanes_ThatRace_RunAtTheSameTimeAndConvergeEachForItself()
    {
        var report = await CompareAsync(
            0,
            """
            { "experiments": ["freshness"], "lanes": ["micro-batch", "streaming"], "repeat": 1, "pace": "200ms", "partitions": 20, "recordsPerPartition": 20, "warmUpPartitions": 2,
              "budget": null, "maxSteal": 1, "maxOtherLoad": 1, "maxGeneratorLateness": 1000 }
            """,
            "--race");
        ExperimentRun[] runs = [.. Assert.Single(report.Experiments).Runs.OrderBy(run => run.StartedAt)];
        Assert.Equal(["micro-batch", "streaming"], runs.Select(run => run.Lane).Order());
        Assert.All(runs, run => Assert.True(run.Truth.Converged && run.Accounting.AddsUp && run.Errors.Count == 0));
        Assert.True(runs[1].StartedAt < runs[0].StartedAt.AddSeconds(runs[0].DurationSeconds));
        Assert.Equal("true", report.Experiments[0].Settings["race"]);
    }

    [Fact]
    public async Task Lane_WithSevenHundredMillisecondsAdded_IsNowhereReportedFresher()
    {
        var data = Path.Combine(_directory, "slow");
        await using var slow = Sandbox(data);
        var endpoints = await EndpointsAsync(data);
        var (exitCode, _, errors) = await HybridProcess.RunAsync("sandbox", "fault", "solr", "--operation", "update", "--latency", "700ms", "--data", data);
        Assert.True(exitCode == 0, errors);
        var report = await CompareAsync(0, Plain(partitions: 20, lines: 20), "--stack", "external", "--solr", endpoints.SolrUrl!);
        var run = Assert.Single(Assert.Single(report.Experiments).Runs);
        Assert.True(run.FreshnessCurve[0].X >= 0.7, $"a canary was seen after {run.FreshnessCurve[0].X} s");
        Assert.True(run.Stages["acknowledged"].P50 >= 0.7);
        Assert.True(run.Stages["posted"].P50 <= run.Stages["acknowledged"].P50 - 0.65);
    }

    [Fact]
    public async Task Lane_ThatLosesOneRecordInTenThousand_IsCaught()
    {
        var input = Path.Combine(_directory, "in");
        var (exitCode, output, errors) = await HybridProcess.RunAsync(
            "generate", "--out", input, "--partitions", "20", "--records", "500", "--documents", "1000000", "--zipf", "0", "--signals", "0", "--deletes", "0");
        Assert.True(exitCode == 0, output + errors);
        var data = Path.Combine(_directory, "solr");
        await using var sandbox = Sandbox(data);
        var endpoints = await EndpointsAsync(data);
        await using var proxy = await DroppingSolr.StartAsync(endpoints.SolrUrl!, DocumentWrittenOnce(input));
        var report = await CompareAsync(1, Plain(20, 1), "--input", input, "--stack", "external", "--solr", proxy.Url);
        Assert.True(proxy.Dropped >= 1);
        var run = Assert.Single(Assert.Single(report.Experiments).Runs);
        Assert.Equal((false, 1, 0, 0), (run.Truth.Converged, run.Truth.Missing, run.Truth.Stale, run.Truth.Extra));
        Assert.False(report.Experiments[0].Summaries[0].Converged);
        Assert.True(run.Accounting.AddsUp);
    }

    [Fact]
    public async Task Faults_AreAllKnownToTheSandbox()
    {
        var data = Path.Combine(_directory, "faults");
        await using var sandbox = HybridProcess.Start(null, "sandbox", "--data", data);
        using var faults = new SandboxFaults((await EndpointsAsync(data)).AdminUrl!);
        foreach (var fault in FaultCases.Names.Select(name => FaultCases.Of(name, TimeSpan.FromSeconds(2)).Fault).OfType<JsonObject>())
        {
            fault["target"] ??= (string?)fault["service"] == "solr" ? "nothing" : null;
            var id = await faults.AddAsync(fault, CancellationToken.None);
            Assert.Equal(0, await faults.HitsAsync(id, CancellationToken.None));
            await faults.ClearAsync(id, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Compare_WithoutInputAndExperiments_SaysWhatToGive()
    {
        var (exitCode, _, errors) = await HybridProcess.RunAsync("compare", "--out", Out);
        Assert.Equal(2, exitCode);
        Assert.Contains("no input is given", errors, StringComparison.Ordinal);
    }

    private static string Plain(int partitions, int lines) =>
        $$"""
        { "experiments": ["freshness"], "lanes": ["streaming"], "repeat": 1, "pace": "100ms", "partitions": {{partitions}}, "recordsPerPartition": {{lines}},
          "canariesPerPartition": 2, "warmUpPartitions": 0, "budget": null, "maxSteal": 1, "maxOtherLoad": 1, "maxGeneratorLateness": 1000 }
        """;

    private static HybridProcess Sandbox(string data) =>
        HybridProcess.Start(null, "sandbox", "--data", data, "--without", "kafka", "--without", "registry", "--without", "s3");

    private static async Task<StackEndpoints> EndpointsAsync(string data)
    {
        var file = Path.Combine(data, StackEndpoints.FileName);
        using var deadline = new CancellationTokenSource(Patience);
        while (!File.Exists(file))
        {
            await Task.Delay(50, deadline.Token);
        }

        return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file), StackJson.Default.StackEndpoints)!;
    }

    /// <summary>A document that is in one line only and no canary: nothing that comes later would put it right or betray it.</summary>
    private static string DocumentWrittenOnce(string input)
    {
        var documents = new List<string>();
        foreach (var file in Directory.EnumerateFiles(input, "*.gz", SearchOption.AllDirectories))
        {
            using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
            while (reader.ReadLine() is { } line)
            {
                documents.Add((string)JsonNode.Parse(line)!["documentId"]!);
            }
        }

        return documents.GroupBy(document => document).First(group => group.Count() == 1 && group.Key.StartsWith("doc-", StringComparison.Ordinal)).Key;
    }

    private async Task<ComparisonReport> CompareAsync(int expected, string settings, params string[] options)
    {
        var file = Path.Combine(_directory, "experiments.json");
        await File.WriteAllTextAsync(file, settings);
        var (exitCode, output, errors) = await HybridProcess.RunAsync(["compare", "--experiments", file, "--out", Out, .. options]);
        Assert.True(exitCode == expected, output + errors);
        return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(Path.Combine(Out, "report.json")), ReportJson.Default.ComparisonReport)!;
    }
}
