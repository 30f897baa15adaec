using Hybrid.Cli.Hosting;
using Hybrid.Comparison.Convergence;
using Hybrid.Comparison.Experiments;
using Hybrid.Comparison.Load.Import;
using Hybrid.Comparison.Load.Input;
using Hybrid.Comparison.Truth;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Solr;
using Hybrid.Pipeline.Windows;
using Hybrid.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.EndToEnd.Tests.RealPartitions;

public sealed class RealPartitionsTests : IAsyncLifetime
{
    private static readonly int Days = RetailData.Days;
    private static readonly DateOnly First = new(2010, 12, 1);
    private static readonly DateTimeOffset Until = new(First.AddDays(Days - 1).ToDateTime(new TimeOnly(14, 0)), TimeSpan.Zero);
    private static readonly TimeSpan Window = TimeSpan.FromHours(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("hybrid-retail-").FullName;
    private readonly CancellationTokenSource _stopping = new();
    private SandboxServer _sandbox = null!;
    private DateTimeOffset _end;

    public async Task InitializeAsync() =>
        _sandbox = await SandboxServer.StartAsync(new SandboxOptions { DataDirectory = Path.Combine(_directory, "sandbox") }, NullLoggerFactory.Instance, default);

    public async Task DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _stopping.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task DaysOfARealShop_EndInTheTruthInEveryLane_AndTheirCoPurchasesAreThoseOfTheRawLines()
    {
        var data = RetailData.Find(Directory.CreateDirectory(Path.Combine(_directory, "raw")).FullName, First, Days);
        var partitions = Path.Combine(_directory, "partitions");
        await new OnlineRetailImporter(new ImportOptions { InputDirectory = data, From = First, To = First.AddDays(Days - 1) }).ImportAsync(partitions, null, default);
        var scanned = await ScanAsync(partitions);
        _end = scanned.Last.End;
        var baskets = RawBaskets.TopFive(data, (_end - Window).UtcDateTime, _end.UtcDateTime);
        Assert.True(baskets.Count > 100);

        var lanes = LaneCatalog.Available.Where(LaneCatalog.HasWindows).ToList();
        await using var store = new LaneServices(Settings("store"), "store");
        await PutAsync(store, partitions);
        var running = lanes.Select(lane => Run(lane, "lane", lane)).Append(Run("publisher", "publish")).ToList();
        foreach (var lane in lanes)
        {
            await using var services = new LaneServices(Settings(lane), lane);
            Assert.True(await Settling.WaitAsync(() => LookAsync(services, scanned, running), Patience, default), $"{lane} does not end in the truth");

            var shown = new Dictionary<string, string>();
            await foreach (var document in services.Index.ExportAsync(default))
            {
                if (document.Signals is { Lines: > 0 } signals)
                {
                    shown.Add(document.Id, string.Join(',', signals.Related));
                }
            }

            Assert.Equal(baskets.OrderBy(pair => pair.Key, StringComparer.Ordinal), shown.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        }

        await _stopping.CancelAsync();
        await Task.WhenAll(running);
    }

    private static async Task<ScannedInput> ScanAsync(string partitions)
    {
        var input = new DirectoryInput(partitions);
        var selection = await InputCatalog.SelectAsync(input, new CompareOptions { Input = partitions, To = Until, Lanes = [], Out = partitions }, default);
        return await new InputScanner(input, 1, new WindowOptions { Length = Window }, new FormatSettings()).ScanAsync(selection, _ => { }, default);
    }

    private static async Task PutAsync(LaneServices services, string partitions)
    {
        await services.Store.EnsureBucketAsync(default);
        await Parallel.ForEachAsync(Directory.GetFiles(partitions, "part-*", SearchOption.AllDirectories), async (path, token) =>
        {
            await using var content = File.OpenRead(path);
            await services.Store.PutAsync(Path.GetRelativePath(partitions, path), content, null, token);
        });
    }

    private static async Task<(bool, long)> LookAsync(LaneServices services, ScannedInput scanned, List<Task> running)
    {
        foreach (var failed in running.Where(task => task.IsFaulted))
        {
            await failed;
        }

        try
        {
            var comparison = new TruthComparison(scanned.Truth, scanned.Signals);
            await foreach (var document in services.Index.ExportAsync(default))
            {
                comparison.Meet(document);
            }

            var report = comparison.Conclude();
            return (report.Converged, HashCode.Combine(report.Missing, report.Stale, report.Extra));
        }
        catch (SolrException missing) when (missing.Status == 404)
        {
            return (false, -1);
        }
    }

    private Task Run(string name, params string[] verb) =>
        Task.Run(() => new ServicesInProcess().RunAsync(new ServiceCall(name, verb, Settings(name), Path.Combine(_directory, $"{name}.log")), static () => { }, _stopping.Token));

    private Dictionary<string, string?> Settings(string collection)
    {
        var end = _end.ToString("O");
        return new Dictionary<string, string?>
        {
            ["Kafka:BootstrapServers"] = _sandbox.Endpoints.KafkaBootstrapServers,
            ["Avro:RegistryUrl"] = _sandbox.Endpoints.RegistryUrl,
            ["ObjectStore:ServiceUrl"] = _sandbox.Endpoints.S3Url,
            ["ObjectStore:Bucket"] = "retail",
            ["ObjectStore:AccessKey"] = "any",
            ["ObjectStore:SecretKey"] = "any",
            ["Solr:Url"] = _sandbox.Endpoints.SolrUrl,
            ["Solr:Collection"] = collection,
            ["Publisher:Until"] = end,
            ["Objects:Until"] = end,
            ["Window:Length"] = Window.ToString("c"),
            ["Streamiz:StateDirectory"] = Path.Combine(_directory, "streamiz"),
        };
    }
}
