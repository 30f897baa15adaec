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
    public async Task DirectoryInUse_IsAWrongCall()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "something"), "of somebody's");

        var (code, _, errors) = await HybridProcess.RunAsync("sandbox", "crash-test", "--data", _directory.FullName);

        Assert.Equal(2, code);
        Assert.Contains("is not empty", errors, StringComparison.Ordinal);
    }
}
