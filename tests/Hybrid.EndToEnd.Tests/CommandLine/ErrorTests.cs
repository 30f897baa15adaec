using System.Net;
using System.Net.Sockets;

namespace Hybrid.EndToEnd.Tests.CommandLine;

public sealed class ErrorTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hybrid-cli-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("nonsense", "nonsense")]
    [InlineData("lane teleport", "teleport")]
    [InlineData("lane streaming --set Lane", "Key=Value")]
    [InlineData("lane streaming --visibility yesterday", "yesterday")]
    [InlineData("lane streaming --set Lane:Pipelines=0", "Lane:Pipelines")]
    [InlineData("lane streaming --set Lane:Pipes=4", "Pipes")]
    [InlineData("publish --set Publihser:Mode=marker", "Publihser")]
    [InlineData("publish --mode sometimes", "Publisher:Mode is 'sometimes': give one of ")]
    [InlineData("publish --period soon", "Source:Period is 'soon': give a time such as ")]
    [InlineData("publish --from yesterday", "Publisher:BackfillFrom is 'yesterday': give an instant such as ")]
    [InlineData("publish --set Source:Mapping=/missing.json --kafka 127.0.0.1:1", "/missing.json")]
    [InlineData("sandbox --data D --kafka-port 70000", "70000")]
    [InlineData("sandbox --data D --s3-port -1", "-1")]
    [InlineData("sandbox --data D --faults /missing.json", "/missing.json")]
    [InlineData("publish --layout dt={yyyy}/", "dt={yyyy}/")]
    [InlineData("watermark set --source x --to 2011-12-01T08:00Z --layout nowhere/ --kafka 127.0.0.1:1", "nowhere/")]
    [InlineData("compare --input missing-directory --out R", "missing-directory")]
    [InlineData("compare --input . --lanes micro-batch,teleport --out R", "teleport")]
    [InlineData("compare --input . --pace soon --out R", "soon")]
    [InlineData("compare --input . --restart sometimes --out R", "sometimes")]
    [InlineData("compare --input . --stack external --out R", "--kafka")]
    [InlineData("compare --input . --lanes streaming --pricing /missing-prices.json --out R", "/missing-prices.json")]
    [InlineData("compare --input . --lanes streaming --events-per-day many --out R", "many")]
    [InlineData("compare --input . --lanes streaming --partition-period 0s --out R", "--partition-period")]
    [InlineData("import online-retail missing-directory --out D", "missing-directory")]
    [InlineData("report missing.json", "missing.json")]
    [InlineData("sandbox", "--data")]
    [InlineData("sandbox fault s3 --drop", "--data")]
    [InlineData("sandbox fault s3 --admin http://127.0.0.1:1", "no effect")]
    [InlineData("sandbox fault solr --latency 2x --admin http://127.0.0.1:1", "2x")]
    [InlineData("sandbox fault kafka --listing-lag 2s --admin http://127.0.0.1:1", "hybrid sandbox fault kafka --help")]
    [InlineData("sandbox status --admin nowhere", "nowhere")]
    public async Task AWrongCall_IsOneLineThatNamesTheMistakeAndExitsWithTwo(string call, string named)
    {
        var (code, output, errors) = await HybridProcess.RunAsync(call.Split(' '));
        Assert.Equal((2, ""), (code, output));
        var complaint = Assert.Single(Lines(errors), line => !line.StartsWith("reading ", StringComparison.Ordinal));
        Assert.StartsWith("hybrid: ", complaint, StringComparison.Ordinal);
        Assert.Contains(named, complaint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_OfADirectoryWithoutPartitions_SaysSo()
    {
        var (code, _, errors) = await HybridProcess.RunAsync("compare", "--input", _directory.FullName, "--out", Path.Combine(_directory.FullName, "R"));
        Assert.Equal(2, code);
        Assert.Contains(_directory.FullName, errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_directory.FullName, "R")));
    }

    [Fact]
    public async Task Generate_IntoADirectoryOfSomebodyElse_LeavesItAlone()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "thesis.txt"), "years of work");
        var (code, _, errors) = await HybridProcess.RunAsync("generate", "--out", _directory.FullName);
        Assert.Equal(2, code);
        Assert.Contains(_directory.FullName, errors, StringComparison.Ordinal);
        Assert.Equal(["thesis.txt"], _directory.GetFileSystemInfos().Select(entry => entry.Name));
    }

    [Fact]
    public async Task Sandbox_OnAPortInUse_NamesThePort()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var (code, _, errors) = await HybridProcess.RunAsync("sandbox", "--data", _directory.FullName, "--kafka-port", port);
        Assert.Equal(2, code);
        Assert.Contains(port, Lines(errors)[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lane", "streaming")]
    [InlineData("lane", "micro-batch")]
    [InlineData("publish", "--source", "s")]
    public async Task AService_WithoutItsKafka_ExitsWithThreeAndNamesTheAddress(params string[] call)
    {
        const string Nowhere = "127.0.0.1:1";
        var (code, _, errors) = await HybridProcess.RunAsync(
        [
            .. call, "--kafka", Nowhere, "--registry", $"http://{Nowhere}", "--set", $"Solr:Url=http://{Nowhere}/solr",
            "--set", $"ObjectStore:ServiceUrl=http://{Nowhere}", "--set", "Kafka:ConnectTimeout=00:00:01",
        ]);
        Assert.Equal(3, code);
        var last = Lines(errors)[^1];
        Assert.StartsWith("hybrid: ", last, StringComparison.Ordinal);
        Assert.Contains(Nowhere, last, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("watermark show")]
    [InlineData("dlq list")]
    public async Task AToolOfTheOperator_WithoutItsKafka_ExitsWithThreeAndNamesTheAddress(string call)
    {
        var (code, output, errors) = await HybridProcess.RunAsync([.. call.Split(' '), "--kafka", "127.0.0.1:1"]);
        Assert.Equal((3, ""), (code, output));
        Assert.Matches("^hybrid: .*Kafka at 127.0.0.1:1 .*: start it or correct Kafka:BootstrapServers$", Lines(errors)[^1]);
    }

    [Theory]
    [InlineData("sandbox status --data missing-directory", "missing-directory")]
    [InlineData("sandbox fault solr --stall 5s --admin http://127.0.0.1:1", "127.0.0.1:1")]
    public async Task ASandboxThatDoesNotRun_IsOneLineAndExitsWithThree(string call, string named)
    {
        var (code, _, errors) = await HybridProcess.RunAsync(call.Split(' '));
        Assert.Equal(3, code);
        Assert.Contains(named, Assert.Single(Lines(errors)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("compare")]
    [InlineData("report")]
    [InlineData("generate")]
    [InlineData("import")]
    [InlineData("sandbox")]
    [InlineData("sandbox fault")]
    [InlineData("sandbox fault s3")]
    [InlineData("sandbox status")]
    [InlineData("publish")]
    [InlineData("lane")]
    public async Task Help_OfEveryVerb_ShowsAnExample(string verb)
    {
        var (code, output, _) = await HybridProcess.RunAsync([.. verb.Split(' '), "--help"]);
        Assert.Equal(0, code);
        Assert.Contains("Examples:", output, StringComparison.Ordinal);
        Assert.Contains($"  hybrid {verb}", output, StringComparison.Ordinal);
    }

    private static string[] Lines(string text) => text.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
}
