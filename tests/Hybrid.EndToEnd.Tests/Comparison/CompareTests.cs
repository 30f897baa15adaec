using System.Diagnostics;
using System.Text.Json;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Stack;
using Hybrid.EndToEnd.Tests.CommandLine;

namespace Hybrid.EndToEnd.Tests.Comparison;

public sealed class CompareTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("hybrid-compare-").FullName;

    private string Input => Path.Combine(_directory, "in");

    private string Out => Path.Combine(_directory, "out");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Compare_GeneratedPartitions_BothLanesConvergeAndEveryLineIsAccountedFor()
    {
        await GenerateAsync("--partitions", "15", "--records", "200", "--late", "0.2", "--malformed", "0.01", "--deletes", "0.05");
        var report = await CompareAsync("--pace", "100ms", "--lanes", "micro-batch,streaming");
        Assert.Equal(["micro-batch", "streaming"], report.Lanes.Select(lane => lane.Name));
        Assert.True(report.Input.DeadLetters > 0);
        Assert.All(report.Lanes, lane =>
        {
            IsSound(lane, report);
            Assert.Equal(75, lane.FreshnessSeconds!.Samples);
            Assert.Equal(
                ["acknowledged", "consumed", "discovered", "landed", "posted", "published", "searchable"], lane.Stages.Keys.Order(StringComparer.Ordinal));
            Assert.True(lane.Cost.CoreSeconds > 0 && lane.Cost.PeakMemoryBytes > 0 && lane.Cost.SolrRequests > 0);
        });
        Assert.NotNull(report.Decision);
        Assert.Empty(Directory.GetDirectories(Out));
    }

    [Fact]
    public async Task Compare_LaneAndPublisherKilledInMidRun_ConvergesWithNoDeltaTwice()
    {
        await GenerateAsync("--partitions", "25", "--records", "200", "--late", "0.1");
        var report = await CompareAsync(
            "--pace", "200ms", "--lanes", "streaming", "--restart", "lane:kill@30%", "--restart", "publisher:kill@60%");
        var lane = Assert.Single(report.Lanes);
        IsSound(lane, report);
        Assert.Equal([("streaming", "kill"), ("publisher", "kill")], lane.Restarts.Select(restart => (restart.Target, restart.Kind)));
        Assert.All(lane.Restarts, restart => Assert.True(restart.DowntimeSeconds > 0));
    }

    [Fact]
    public async Task Compare_OnAStackThatIsPartlyExternal_UsesItAndFillsInTheRest()
    {
        await GenerateAsync("--partitions", "10", "--records", "100");
        var data = Path.Combine(_directory, "external");
        await using var external = HybridProcess.Start(null, "sandbox", "--data", data, "--without", "s3", "--without", "solr");
        var file = Path.Combine(data, StackEndpoints.FileName);
        using var deadline = new CancellationTokenSource(Patience);
        while (!File.Exists(file))
        {
            await Task.Delay(50, deadline.Token);
        }

        var endpoints = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file), StackJson.Default.StackEndpoints)!;
        var report = await CompareAsync(
            "--pace", "100ms", "--lanes", "streaming", "--stack", "external", "--kafka", endpoints.KafkaBootstrapServers!, "--registry", endpoints.RegistryUrl!);
        IsSound(Assert.Single(report.Lanes), report);
        Assert.Equal($"external {endpoints.KafkaBootstrapServers}", report.Run.Stack["kafka"]);
        Assert.Equal("sandbox", report.Run.Stack["solr"]);
    }

    [Fact]
    public async Task Compare_Interrupted_LeavesNothingBehind()
    {
        await GenerateAsync("--partitions", "200", "--records", "20");
        await using var program = HybridProcess.Start(null, "compare", "--input", Input, "--pace", "500ms", "--lanes", "streaming", "--out", Out);
        var sandbox = await SandboxOfAsync(program);
        program.Interrupt();
        Assert.NotEqual(0, await program.WaitAsync());
        Assert.False(IsRunning(sandbox));
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public async Task Compare_KilledItself_TakesItsChildrenAlong()
    {
        await GenerateAsync("--partitions", "200", "--records", "20");
        await using var program = HybridProcess.Start(null, "compare", "--input", Input, "--pace", "500ms", "--lanes", "streaming", "--out", Out);
        var sandbox = await SandboxOfAsync(program);
        program.Kill();
        await program.WaitAsync();
        using var deadline = new CancellationTokenSource(Patience);
        while (IsRunning(sandbox))
        {
            await Task.Delay(50, deadline.Token);
        }
    }

    [Theory]
    [InlineData("nowhere", "streaming", "does not exist")]
    [InlineData("", "streaming", "holds no partition")]
    [InlineData("", "telegraph", "there is no lane 'telegraph'")]
    public async Task Compare_WrongCall_IsOneLineAndExitsWith2(string input, string lanes, string says)
    {
        var (exitCode, _, errors) = await HybridProcess.RunAsync("compare", "--input", Path.Combine(_directory, input), "--lanes", lanes, "--out", Out);
        Assert.Equal(2, exitCode);
        Assert.Contains(says, Assert.Single(errors.Split('\n'), line => line.StartsWith("hybrid: ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private static void IsSound(LaneReport lane, ComparisonReport report)
    {
        Assert.Empty(lane.Errors);
        Assert.True(lane.Truth.Converged);
        Assert.True(lane.Accounting.AddsUp);
        Assert.Equal(report.Input.Records, lane.Accounting.Records);
        Assert.Equal(report.Input.DeadLetters, lane.Accounting.DeadLetters);
    }

    private async Task GenerateAsync(params string[] options)
    {
        var (exitCode, output, errors) = await HybridProcess.RunAsync(["generate", "--out", Input, .. options]);
        Assert.True(exitCode == 0, output + errors);
    }

    private async Task<ComparisonReport> CompareAsync(params string[] options)
    {
        var (exitCode, output, errors) = await HybridProcess.RunAsync(["compare", "--input", Input, "--out", Out, .. options]);
        Assert.True(exitCode == 0, output + errors);
        return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(Path.Combine(Out, "report.json")), ReportJson.Default.ComparisonReport)!;
    }

    /// <summary>Waits until the lane's process runs; gives the sandbox's process id.</summary>
    private async Task<int> SandboxOfAsync(HybridProcess program)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            Assert.True(IsRunning(program.Id));
            if (Directory.Exists(Out)
                && Directory.EnumerateFiles(Out, "streaming-1.log", SearchOption.AllDirectories).Any()
                && Directory.EnumerateFiles(Out, StackEndpoints.FileName, SearchOption.AllDirectories).FirstOrDefault() is { } file)
            {
                var endpoints = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file), StackJson.Default.StackEndpoints)!;
                return endpoints.ProcessId!.Value;
            }

            await Task.Delay(50, deadline.Token);
        }
    }

    private static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
