using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Hybrid.Contracts.Stack;
using Hybrid.EndToEnd.Tests.CommandLine;

namespace Hybrid.EndToEnd.Tests.Sandbox;

public sealed class KilledSandboxTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hybrid-killed-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task KilledTwentyTimesUnderLoad_KeepsWhateverItAcknowledged()
    {
        var seed = Random.Shared.Next();
        var (code, output, errors) = await HybridProcess.RunAsync("sandbox", "crash-test", "--rounds", "20", "--load", "300ms", "--seed", $"{seed}");

        Assert.True(code == 0, output + errors);
        Assert.Contains($"20 kills, seed {seed}: everything acknowledged is there", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SandboxThatEndsByItself_IsSaidInALine_WhateverItsClientsWaitFor()
    {
        await using var process = await StartAsync();
        while (!process.HasExited)
        {
            Signal("-KILL");
            await Task.Delay(20);
        }

        Assert.InRange(await process.WaitAsync(), 1, 3);
        Assert.Contains("the sandbox ended", Assert.Single(process.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    /// <summary>As Ctrl-C does, which reaches every process of the terminal.</summary>
    [Fact]
    public async Task Interrupted_TogetherWithItsSandbox_IsStoppedAndNothingElse()
    {
        await using var process = await StartAsync();
        process.Interrupt();
        Signal("-TERM");

        Assert.Equal(130, await process.WaitAsync());
        Assert.Equal("hybrid: stopped", process.Errors.Trim());
    }

    [Fact]
    public async Task DirectoryInUse_IsAWrongCall()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "something"), "of somebody's");

        var (code, _, errors) = await HybridProcess.RunAsync("sandbox", "crash-test", "--data", _directory.FullName);

        Assert.Equal(2, code);
        Assert.Contains("is not empty", errors, StringComparison.Ordinal);
    }

    private async Task<HybridProcess> StartAsync()
    {
        var process = HybridProcess.Start(null, "sandbox", "crash-test", "--rounds", "1000", "--data", _directory.FullName);
        while (!process.Output.Contains("round 1 of 1000", StringComparison.Ordinal) && !process.HasExited)
        {
            await Task.Delay(20);
        }

        return process;
    }

    /// <summary>Sends a signal to the sandbox that runs now, if one does.</summary>
    private void Signal(string signal)
    {
        var file = Path.Combine(_directory.FullName, "sandbox", StackEndpoints.FileName);
        try
        {
            var id = JsonSerializer.Deserialize(File.ReadAllText(file), StackJson.Default.StackEndpoints)!.ProcessId!.Value;
            using var kill = Process.Start(new ProcessStartInfo("kill", [signal, id.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true })!;
            kill.WaitForExit();
        }
        catch (FileNotFoundException)
        {
            // None does: the last one was killed and the next is not ready.
        }
    }
}
