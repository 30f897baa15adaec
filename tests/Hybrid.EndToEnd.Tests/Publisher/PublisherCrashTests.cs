using Hybrid.EndToEnd.Tests.CommandLine;

namespace Hybrid.EndToEnd.Tests.Publisher;

public sealed class PublisherCrashTests
{
    [Fact]
    public async Task KilledTenTimesAtEveryStep_PublishesEveryLineOnceAndInOrder()
    {
        var seed = Random.Shared.Next();
        var (code, output, errors) = await HybridProcess.RunAsync("publish", "crash-test", "--rounds", "10", "--listing-lag", "1s", "--seed", $"{seed}");

        Assert.True(code == 0, output + errors);
        Assert.Contains($"10 kills, seed {seed}: every line is there once and in order", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LagThatIsOutOfRange_IsAWrongCall()
    {
        var (code, _, errors) = await HybridProcess.RunAsync("publish", "crash-test", "--listing-lag", "1h");

        Assert.Equal(2, code);
        Assert.Contains("--listing-lag", errors, StringComparison.Ordinal);
    }
}
