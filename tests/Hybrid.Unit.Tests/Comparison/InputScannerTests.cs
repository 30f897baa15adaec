using System.IO.Compression;
using System.Text;
using Hybrid.Comparison.Experiments;
using Hybrid.Comparison.Load.Input;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Unit.Tests.Comparison;

public sealed class InputScannerTests : IDisposable
{
    private const string First = "dt=2011-12-01/hh=08/mm=00/part-0.ndjson";
    private const string Second = "dt=2011-12-01/hh=08/mm=05/part-0.ndjson.gz";

    private readonly string _directory = Directory.CreateTempSubdirectory("hybrid-scan-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Scan_LinesOfAllKinds_CountsThemAll()
    {
        Write(First, Line("a", "upsert", "08:01") + "not json\n" + Line("a", "signal", "08:02") + "\n" + Line("b", "upsert", "08:03"));
        WriteGzip(Second, Line("b", "delete", "08:06") + Line("c", "upsert", "08:07"));
        var scanned = await ScanAsync();
        Assert.Equal((6, 5, 1), (scanned.Lines, scanned.Records, scanned.DeadLetters));
        Assert.Equal(2, scanned.Truth.Visible);
        Assert.True(scanned.Truth.IsHidden("b"));
        Assert.Equal(2, scanned.Periods);
        Assert.Equal(["a"], scanned.Partitions[0].Objects.Single().Canaries.Select(canary => canary.DocumentId));
    }

    [Fact]
    public async Task Scan_TruncatedGzip_EndsWithOneDeadLetter()
    {
        Write(First, Line("a", "upsert", "08:01"));
        WriteGzip(Second, string.Concat(Enumerable.Range(0, 5000).Select(number => Line($"d{number}", "upsert", "08:06"))));
        var path = Path.Combine(_directory, Second);
        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path))[..^200]);
        var scanned = await ScanAsync();
        Assert.Equal(1, scanned.DeadLetters);
        Assert.Equal(scanned.Lines, scanned.Records + 1);
        Assert.InRange(scanned.Records, 2, 5000);
    }

    [Fact]
    public async Task Scan_Markers_AreReplayedAndNotRead()
    {
        Write(First, Line("a", "upsert", "08:01"));
        Write("dt=2011-12-01/hh=08/mm=00/_SUCCESS", "");
        var scanned = await ScanAsync();
        Assert.Equal(1, scanned.Lines);
        Assert.Equal([First, "dt=2011-12-01/hh=08/mm=00/_SUCCESS"], scanned.Partitions.Single().Objects.Select(entry => entry.Key));
    }

    [Fact]
    public async Task Scan_LateObject_HasItsDelayAndNoCanaryThatANewerDeltaHides()
    {
        Write(First, Line("a", "upsert", "08:01"));
        Write("dt=2011-12-01/hh=08/mm=00/part-1.ndjson", Line("b", "upsert", "08:02") + Line("c", "upsert", "08:03"));
        WriteGzip(Second, Line("b", "upsert", "08:06"));
        Write(InputManifest.FileName, """{"layout":"dt={yyyy-MM-dd}/hh={HH}/mm={mm}/","period":"00:05:00","delays":{"dt=2011-12-01/hh=08/mm=00/part-1.ndjson":"00:10:00"}}""");
        var late = (await ScanAsync()).Partitions[0].Objects[1];
        Assert.Equal(TimeSpan.FromMinutes(10), late.Delay);
        Assert.Equal(["c"], late.Canaries.Select(canary => canary.DocumentId));
    }

    [Fact]
    public async Task Select_Range_TakesPartitionsByTheirStart()
    {
        Write(First, Line("a", "upsert", "08:01"));
        WriteGzip(Second, Line("b", "upsert", "08:06"));
        var from = new DateTimeOffset(2011, 12, 1, 8, 5, 0, TimeSpan.Zero);
        Assert.Equal(from, Assert.Single((await ScanAsync(options => options with { From = from, Period = TimeSpan.FromMinutes(5) })).Partitions).Id.Start);
        await IsWrongAsync(options => options with { From = from.AddDays(1) }, "--from");
    }

    [Fact]
    public async Task Select_NothingThere_IsAWrongCall()
    {
        await IsWrongAsync(options => options, "holds no partition");
        await IsWrongAsync(options => options with { Input = Path.Combine(_directory, "nowhere") }, "does not exist");
        await IsWrongAsync(options => options with { Input = "s3://bucket/prefix" }, "--s3");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"layout":"dt={yyyy-MM-dd}/","period":"00:00:00"}""")]
    public async Task Select_ManifestThatIsNone_IsAWrongCall(string manifest)
    {
        Write(First, Line("a", "upsert", "08:01"));
        Write(InputManifest.FileName, manifest);
        await IsWrongAsync(options => options, InputManifest.FileName);
    }

    private async Task IsWrongAsync(Func<CompareOptions, CompareOptions> adjust, string named)
    {
        var mistake = await Assert.ThrowsAsync<HybridException>(() => ScanAsync(adjust));
        Assert.Equal(ExitCodes.WrongCall, mistake.ExitCode);
        Assert.Contains(named, mistake.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', mistake.Message);
    }

    private async Task<ScannedInput> ScanAsync(Func<CompareOptions, CompareOptions>? adjust = null)
    {
        var options = new CompareOptions { Input = _directory, Lanes = ["streaming"], Out = _directory };
        options = adjust?.Invoke(options) ?? options;
        using var metrics = new Pipeline.Measurement.HybridMetrics();
        var input = InputCatalog.Open(options, metrics);
        var selection = await InputCatalog.SelectAsync(input, options, CancellationToken.None);
        return await new InputScanner(input, 5, new WindowOptions()).ScanAsync(selection, _ => { }, CancellationToken.None);
    }

    private void Write(string key, string content)
    {
        var path = Path.Combine(_directory, key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    private void WriteGzip(string key, string content)
    {
        Write(key, "");
        using var gzip = new GZipStream(File.OpenWrite(Path.Combine(_directory, key)), CompressionLevel.Fastest);
        gzip.Write(Encoding.UTF8.GetBytes(content));
    }

    private static string Line(string id, string kind, string time) =>
        $$"""{"documentId":"{{id}}","kind":"{{kind}}","eventTime":"2011-12-01T{{time}}:00Z","title":"t"}""" + "\n";
}
