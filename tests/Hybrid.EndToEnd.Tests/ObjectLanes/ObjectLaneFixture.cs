using System.Text;
using Hybrid.Comparison.Truth;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Reports;
using Hybrid.EndToEnd.Tests.CommandLine;
using Hybrid.EndToEnd.Tests.Lanes;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Progress;
using Hybrid.Pipeline.Solr;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.EndToEnd.Tests.ObjectLanes;

/// <summary>One test's bucket and collection: puts objects, starts lanes, holds the index against the truth of what was put.</summary>
internal sealed class ObjectLaneFixture : IAsyncDisposable
{
    public static readonly DateTimeOffset Origin = new(2011, 12, 1, 8, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan Length = 6 * Period;

    private static readonly PartitionLayout Layout = new(PartitionLayout.DefaultTemplate, Period);

    private readonly Dictionary<string, string?> _settings;
    private readonly List<(PartitionId Partition, string Key, int Generation, byte[] Content)> _puts = [];
    private readonly ServiceProvider _provider;

    public ObjectLaneFixture(ObjectLaneStack stack, string lane)
    {
        var name = Guid.NewGuid().ToString("n")[..8];
        Lane = lane;
        _settings = new Dictionary<string, string?>
        {
            ["Kafka:BootstrapServers"] = stack.BootstrapServers,
            ["Kafka:TopicPrefix"] = name + ".",
            ["Kafka:Partitions"] = "2",
            ["Avro:RegistryUrl"] = stack.RegistryUrl,
            ["ObjectStore:ServiceUrl"] = stack.S3Url,
            ["ObjectStore:Bucket"] = name,
            ["ObjectStore:MaxRetries"] = "0",
            ["Solr:Url"] = stack.SolrUrl,
            ["Solr:Collection"] = name,
            ["Solr:Visibility"] = "commit-within=20ms",
            ["Window:Length"] = Length.ToString("c"),
            ["Objects:PollInterval"] = "00:00:00.020",
            ["Objects:SettleDelay"] = "00:00:00",
            ["Objects:From"] = Origin.ToString("O"),
            ["Objects:TakeoverDelay"] = "00:00:00.200",
            ["Publisher:PollInterval"] = "00:00:00.020",
            ["Publisher:SettleDelay"] = "00:00:00",
            ["Publisher:From"] = Origin.ToString("O"),
            ["Health:Port"] = "0",
        };
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton<HybridMetrics>();
        services.AddKafka(Configuration()).AddObjectStore(Configuration()).AddSolr(Configuration(), lane);
        _provider = services.BuildServiceProvider();
    }

    public string Lane { get; }

    public string Collection => Reader.Collection;

    public IObjectStore Store => _provider.GetRequiredService<IObjectStore>();

    public SolrAdmin Solr => _provider.GetRequiredService<SolrAdmin>();

    public SolrReader Reader => _provider.GetRequiredService<SolrReader>();

    public static PartitionId Partition(int number) => new(Origin + (number * Period), Period);

    public static string Key(int number, string name) => Layout.Prefix(Partition(number)) + name;

    public Task EnsureBucketAsync() => Store.EnsureBucketAsync(default);

    /// <summary>Puts an object; under a key that was put before it replaces that.</summary>
    public Task PutAsync(int partition, string name, params string[] lines) => PutAsync(partition, name, Encoding.UTF8.GetBytes(string.Join('\n', lines)));

    public async Task PutAsync(int partition, string name, byte[] content)
    {
        var key = Key(partition, name);
        await Store.PutAsync(key, new MemoryStream(content), null, default);
        _puts.Add((Partition(partition), key, _puts.Count(put => put.Key == key), content));
    }

    /// <summary>Puts a partition of random deltas.</summary>
    public Task PutRandomAsync(int partition, string name, Random random, int lines, int documents) =>
        PutAsync(partition, name, [.. Enumerable.Range(0, lines).Select(line => Line(partition, line, random, documents))]);

    public static string Line(int partition, int line, Random random, int documents) => random.Next(20) switch
    {
        0 => """{"documentId":"broken""",
        1 => Line("delete", $"d{random.Next(documents)}", partition, line),
        < 10 => Line("signal", $"d{random.Next(documents)}", partition, line, $",\"price\":{random.Next(1, 500)},\"quantity\":{random.Next(-2, 9)},\"related\":[\"d{random.Next(documents)}\"]"),
        _ => Line("upsert", $"d{random.Next(documents)}", partition, line, $",\"title\":\"title {partition} {line}\",\"price\":{random.Next(1, 500)}"),
    };

    public static string Line(string kind, string id, int partition, int line, string more = "") =>
        $"{{\"documentId\":\"{id}\",\"kind\":\"{kind}\",\"eventTime\":\"{(Origin + (partition * Period)).AddMilliseconds(line):yyyy-MM-ddTHH:mm:ss.fffZ}\"{more}}}";

    /// <summary>A lane in this process.</summary>
    /// <param name="partitions">Up to which partition it works.</param>
    /// <param name="settings">Further settings.</param>
    public RunningLane Start(int partitions, params (string Key, string Value)[] settings) => new(Lane, Configuration(With(partitions, settings)));

    /// <summary>A lane in a process of its own.</summary>
    public HybridProcess StartProcess(int partitions, params (string Key, string Value)[] settings) => HybridProcess.Start(null, Arguments(partitions, settings));

    /// <summary>What a lane in a process of its own is called with.</summary>
    public string[] Arguments(int partitions, params (string Key, string Value)[] settings) =>
        ["lane", Lane, .. With(partitions, settings).SelectMany(setting => new[] { "--set", $"{setting.Key}={setting.Value}" })];

    public IConfiguration Configuration(IEnumerable<KeyValuePair<string, string?>>? settings = null) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings ?? _settings).Build();

    public Dictionary<string, string?> With(int partitions, params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>(_settings)
        {
            ["Objects:Until"] = (Origin + (partitions * Period)).ToString("O"),
            ["Publisher:Until"] = (Origin + (partitions * Period)).ToString("O"),
        };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return all;
    }

    /// <summary>The lane's cursor; null while there is none.</summary>
    public Task<CursorRecord?> CursorAsync() => new LaneCursor(Store, LaneCursor.KeyOf("_hybrid/", Lane, "catalog")).ReadAsync(default);

    /// <summary>The lines of the dead letter objects.</summary>
    public async Task<List<string>> DeadLettersAsync()
    {
        var letters = new List<string>();
        await foreach (var entry in Store.ListAsync($"_hybrid/{Lane}/catalog/dead-letters/", null, default))
        {
            await using var content = await Store.OpenAsync(entry.Key, default);
            using var reader = new StreamReader(content!.Body);
            letters.AddRange((await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        return letters;
    }

    /// <summary>Lines that were put, those of replaced objects too.</summary>
    public (long Lines, long Records) Counts()
    {
        var (lines, records) = (0L, 0L);
        Read((_, _) => records++, () => lines++);
        return (lines, records);
    }

    /// <summary>
    /// Holds the index against what was put: of each document's attributes the newest version, replaced objects' included; signals as
    /// the objects are now.
    /// </summary>
    /// <param name="partitions">Up to which partition.</param>
    public async Task<TruthReport> JudgeAsync(int partitions)
    {
        var (truth, signals) = (new IndexTruth(), new SignalsTruth(Length));
        var end = Origin + (partitions * Period);
        Read(
            (put, delta) =>
            {
                truth.Apply(delta);
                if (put.IsCurrent)
                {
                    signals.Apply(delta);
                }
            },
            static () => { });
        await Solr.EnsureCollectionAsync(Collection, default);
        await Solr.CommitAsync(Collection, default);
        var comparison = new TruthComparison(truth, signals.At(end));
        await foreach (var document in Reader.ExportAsync(default))
        {
            comparison.Meet(document);
        }

        return comparison.Conclude();
    }

    /// <summary>Waits until the index equals the truth.</summary>
    public Task ConvergesAsync(RunningLane lane, int partitions) => lane.UntilAsync(
        async () => (await JudgeAsync(partitions)).Converged,
        async () => string.Join("; ", (await JudgeAsync(partitions)).Examples));

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    private void Read(Action<(bool IsCurrent, string Key), CatalogDelta> delta, Action line)
    {
        foreach (var put in _puts.OrderBy(put => put.Partition).ThenBy(put => put.Key, StringComparer.Ordinal))
        {
            var isCurrent = !_puts.Exists(other => other.Key == put.Key && other.Generation > put.Generation);
            using var body = new MemoryStream(put.Content);
            var reader = new ObjectRecordReader(body, put.Key, put.Partition.Name, put.Generation);
            while (reader.ReadAsync(default).AsTask().GetAwaiter().GetResult())
            {
                line();
                if (reader.TryParse(out var read, out _))
                {
                    delta((isCurrent, put.Key), read);
                }
            }
        }
    }
}
