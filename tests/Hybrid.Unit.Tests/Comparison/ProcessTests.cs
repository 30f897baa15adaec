using Hybrid.Comparison.Cost;
using Hybrid.Comparison.Experiments;
using Hybrid.Comparison.Processes;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Unit.Tests.Comparison;

public sealed class ProcessTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hybrid-process-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Service_EndsUnasked_SaysSoWithTheEndOfItsLog()
    {
        await using var service = Service("echo something went wrong >&2; exit 3");
        service.Start();
        var failure = await service.Failed;
        Assert.Contains("exit code 3", failure.Message, StringComparison.Ordinal);
        Assert.Contains("something went wrong", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_StoppedAndDrains_HasNoProblem()
    {
        await using var service = Service("trap 'exit 0' TERM; echo ready; while :; do sleep 0.02; done");
        service.Start();
        await WaitForLogAsync("ready");
        Assert.Null(await service.StopAsync(TimeSpan.FromSeconds(30)));
        Assert.False(service.Failed.IsCompleted);
        Assert.Single(service.Ended);
    }

    [Fact]
    public async Task Service_StoppedWithAnError_NamesTheExitCode()
    {
        await using var service = Service("trap 'exit 4' TERM; echo ready; while :; do sleep 0.02; done");
        service.Start();
        await WaitForLogAsync("ready");
        Assert.Contains("exit code 4", await service.StopAsync(TimeSpan.FromSeconds(30)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_DeafToItsStop_IsKilledAtTheDeadline()
    {
        await using var service = Service("trap '' TERM; echo ready; while :; do sleep 0.02; done");
        service.Start();
        await WaitForLogAsync("ready");
        Assert.Contains("was killed", await service.StopAsync(TimeSpan.FromMilliseconds(50)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_KilledAndStartedAgain_CountsBothProcesses()
    {
        await using var service = Service("echo \"$HYBRID__Measurement__StatusFile\"; while :; do sleep 0.02; done");
        service.Start();
        await service.KillAsync();
        service.Start();
        await service.KillAsync();
        Assert.Equal(2, service.Ended.Count);
        Assert.False(service.Failed.IsCompleted);
        Assert.True(File.Exists(Path.Combine(_directory, "service-2.log")));
    }

    [Fact]
    public void Start_ProgramThatIsNotThere_SaysWhich()
    {
        var failure = Assert.Throws<HybridException>(() => ChildProcess.Start(
            new HybridExecutable("/nowhere/hybrid", []), "the sandbox", [], new Dictionary<string, string>(), Path.Combine(_directory, "log")));
        Assert.Contains("/nowhere/hybrid", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_OfOptions_KeepTheCaseOfTheirKeys() => Assert.Equal(
        "HYBRID__Kafka__Client__security.protocol", Assert.Single(Settings.Variables([new("Kafka:Client:security.protocol", "ssl"), new("Solr:Url", null)])).Key);

    [Fact]
    public void Steal_BetweenTwoReadings_IsAShareOfAllTicks()
    {
        var before = ProcessorSteal.Parse("cpu  100 0 100 800 0 0 0 0 0 0")!.Value;
        var after = ProcessorSteal.Parse("cpu  150 0 100 840 0 0 0 10 50 0")!.Value;
        Assert.Equal(0.1, after.ShareSince(before), 6);
        Assert.Null(ProcessorSteal.Parse("cpu0 1 2 3"));
    }

    [Fact]
    public async Task Settling_NothingChanges_GivesUp()
    {
        var looks = 0;
        Assert.False(await Settling.WaitAsync(() => Task.FromResult((false, 1L)), TimeSpan.FromMilliseconds(1), CancellationToken.None));
        Assert.True(await Settling.WaitAsync(() => Task.FromResult((++looks == 3, (long)looks)), TimeSpan.FromMinutes(1), CancellationToken.None));
    }

    [Theory]
    [InlineData("stream", "there is no lane 'stream'")]
    [InlineData("streaming,streaming", "named twice")]
    [InlineData("", "no lane is named")]
    public void Lanes_NotThere_AreAWrongCallThatListsThem(string names, string says)
    {
        var mistake = Assert.Throws<HybridException>(() => LaneCatalog.Check(names.Split(',', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(ExitCodes.WrongCall, mistake.ExitCode);
        Assert.Contains(says, mistake.Message, StringComparison.Ordinal);
    }

    private SupervisedService Service(string script) =>
        new(new HybridExecutable("/bin/sh", ["-c", script]), "service", [], new Dictionary<string, string>(), _directory);

    private async Task WaitForLogAsync(string text)
    {
        var log = Path.Combine(_directory, "service-1.log");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!LogTail.Read(log).Contains(text, StringComparison.Ordinal))
        {
            await Task.Delay(10, deadline.Token);
        }
    }
}
