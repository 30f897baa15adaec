using Hybrid.Cli.Hosting;
using Hybrid.Comparison.Convergence;
using Hybrid.Comparison.Convergence.Input;
using Hybrid.Comparison.Convergence.Planning;
using Hybrid.Comparison.Convergence.Running;
using Hybrid.Comparison.Experiments;
using Hybrid.Comparison.Processes;
using Hybrid.Contracts.Lanes;
using Hybrid.EndToEnd.Tests.CommandLine;
using Hybrid.Pipeline.Windows;
using Xunit.Abstractions;

namespace Hybrid.EndToEnd.Tests.Convergence;

public sealed class ConvergenceTests(ITestOutputHelper output)
{
    private const int Seeds = 50;

    private static readonly TimeSpan Shorter = TimeSpan.FromMinutes(5);
    private static readonly HybridExecutable Executable = new(HybridProcess.Executable, []);

    [Fact]
    public async Task RandomInputs_UnderRandomFaults_EndInTheTruthInEveryLane()
    {
        var result = await RunAsync(new ConvergenceOptions { Seed = 1, Rounds = Seeds, Parallel = 3 }, new ServicesInProcess());

        Assert.True(
            !result.Failed.Any(),
            string.Join('\n', result.Failed.Select(round => $"{string.Join('\n', round.Violations)}\nagain: {SoakConsole.Again(round)}\nlogs: {result.DataDirectory}")));
        Assert.Equal(Seeds, result.Rounds.Count);
    }

    [Fact]
    public async Task LaneThatCountsAnotherWindow_IsFound_WithTheCommandThatRepeatsIt()
    {
        var seed = await SeedWithWindowAsync();
        var options = new ConvergenceOptions { Seed = seed, Rounds = 1, Lanes = [LaneNames.Streaming], Patience = TimeSpan.FromSeconds(10) };
        var result = await RunAsync(options, new AlteredServices(LaneNames.Streaming, "Window:Length", Shorter.ToString("c")));

        var round = Assert.Single(result.Failed);
        Assert.Contains(round.Violations, violation => violation.StartsWith("streaming: ", StringComparison.Ordinal) && violation.Contains("should show", StringComparison.Ordinal));
        Assert.Equal($"./hybrid soak --seed {seed} --rounds 1 --lanes streaming", SoakConsole.Again(round));
        Assert.True(Directory.Exists(result.DataDirectory));
        Directory.Delete(result.DataDirectory, recursive: true);
    }

    [Fact]
    public async Task Soak_RunsARound_AndSaysWhatBefellIt()
    {
        var (code, output, errors) = await HybridProcess.RunAsync("soak", "--seed", "2", "--rounds", "1", "--lanes", LaneNames.MicroBatch);

        Assert.True(code == 0, output + errors);
        Assert.Contains("round 1 of 1, seed 2: held", output, StringComparison.Ordinal);
        Assert.Contains("every lane ended in the truth, document by document, in every round", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Soak_StoppedBeforeItsRoundsAreDone_SaysSoToAScript()
    {
        await using var soak = HybridProcess.Start(null, "soak", "--rounds", "1000", "--lanes", LaneNames.MicroBatch);
        await Task.Delay(TimeSpan.FromSeconds(1));
        soak.Interrupt();

        Assert.Equal(130, await soak.WaitAsync());
        Assert.Equal("hybrid: stopped", soak.Errors.Trim());
    }

    [Theory]
    [InlineData("--rounds", "0")]
    [InlineData("--lanes", "teleport")]
    [InlineData("--parallel", "99")]
    public async Task WrongCall_SaysSo(string option, string value)
    {
        var (code, _, errors) = await HybridProcess.RunAsync("soak", option, value);

        Assert.Equal(2, code);
        Assert.Contains(value, errors, StringComparison.Ordinal);
    }

    /// <summary>The first seed that needs no process to come back, and whose signals differ by the window that they are counted over.</summary>
    private static async Task<long> SeedWithWindowAsync()
    {
        for (var seed = 1L; ; seed++)
        {
            var plan = ConvergencePlan.Of(seed, [LaneNames.Streaming]);
            var window = RoundSettings.WindowOf(plan.Settings);
            var truth = await ConvergenceTruth.ReadAsync(plan.Input, window);
            var other = await ConvergenceTruth.ReadAsync(plan.Input, new WindowOptions { Length = Shorter, Hop = window.Hop });
            if (window.IsOn && plan.Services.All(service => service.InProcess) && truth.Signals.Count > 0 && other.Signals.Any(entry => truth.Signals[entry.Key] != entry.Value))
            {
                return seed;
            }
        }
    }

    private Task<ConvergenceResult> RunAsync(ConvergenceOptions options, IServiceHost host) =>
        ConvergenceRunner.RunAsync(options, Executable, host, new SoakConsole(options, new OutputWriter(output)), CancellationToken.None);

    private sealed class OutputWriter(ITestOutputHelper output) : StringWriter
    {
        public override void WriteLine(string? value) => output.WriteLine(value);
    }

    /// <summary>Runs one lane with an option that it must not have.</summary>
    private sealed class AlteredServices(string lane, string key, string value) : IServiceHost
    {
        private readonly ServicesInProcess _services = new();

        public Task RunAsync(ServiceCall call, Action started, CancellationToken stopping) => _services.RunAsync(
            call.Verb.Contains(lane) ? call with { Settings = new Dictionary<string, string?>(call.Settings) { [key] = value } } : call, started, stopping);
    }
}
