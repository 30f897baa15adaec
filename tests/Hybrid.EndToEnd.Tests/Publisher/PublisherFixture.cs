using System.IO.Compression;
using System.Text;
using Confluent.Kafka;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Progress;
using Hybrid.Publisher.Progress;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.EndToEnd.Tests.Publisher;

/// <summary>One test's bucket and topics: puts objects, runs publishers, reads what a committed reader sees.</summary>
internal sealed class PublisherFixture : IAsyncDisposable
{
    public const int KafkaPartitions = 3;

    private readonly Dictionary<string, string?> _settings;
    private readonly ServiceProvider _provider;

    private PublisherFixture(PublisherStack stack)
    {
        var name = Guid.NewGuid().ToString("n")[..8];
        Bucket = name;
        _settings = new Dictionary<string, string?>
        {
            ["Kafka:BootstrapServers"] = stack.BootstrapServers,
            ["Kafka:TopicPrefix"] = name + ".",
            ["Kafka:Partitions"] = $"{KafkaPartitions}",
            ["Avro:RegistryUrl"] = stack.RegistryUrl,
            ["ObjectStore:ServiceUrl"] = stack.S3Url,
            ["ObjectStore:Bucket"] = name,
            ["ObjectStore:MaxRetries"] = "0",
            ["Publisher:PollInterval"] = "00:00:00.020",
            ["Publisher:SettleDelay"] = "00:00:00",
        };
        var configuration = Configuration();
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton<HybridMetrics>();
        services.AddKafka(configuration).AddAvro(configuration).AddObjectStore(configuration);
        _provider = services.BuildServiceProvider();
        Store = _provider.GetRequiredService<IObjectStore>();
        Kafka = _provider.GetRequiredService<KafkaClients>();
    }

    public IObjectStore Store { get; }

    public string Bucket { get; }

    public KafkaClients Kafka { get; }

    public static async Task<PublisherFixture> CreateAsync(PublisherStack stack)
    {
        var fixture = new PublisherFixture(stack);
        await fixture.Store.EnsureBucketAsync(default);
        return fixture;
    }

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    public RunningPublisher Start(params (string Key, string Value)[] settings) => StartOver(null, settings);

    /// <summary>Starts a publisher over another view of the object store.</summary>
    public RunningPublisher StartOver(IObjectStore? store, params (string Key, string Value)[] settings) =>
        new(Configuration(settings), store);

    /// <summary>Starts a publisher on a machine with a clock of its own.</summary>
    public RunningPublisher StartBy(TimeProvider time, params (string Key, string Value)[] settings) => new(Configuration(settings), null, time);

    private IConfiguration Configuration((string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>(_settings);
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(all).Build();
    }

    /// <summary>Runs a publisher up to a time and waits for its end.</summary>
    public async Task PublishAsync(string until, params (string Key, string Value)[] settings)
    {
        await using var publisher = Start([("Publisher:Until", until), ("Publisher:ExitWhenDone", "true"), .. settings]);
        await publisher.EndsAsync();
    }

    public Task<string?> PutAsync(string key, params string[] lines) => PutAsync(key, Encoding.UTF8.GetBytes(string.Join('\n', lines)));

    public Task<string?> PutAsync(string key, byte[] content) => Store.PutAsync(key, new MemoryStream(content), null, default);

    public static byte[] Gzip(byte[] content)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    /// <summary>The deltas that a committed reader sees, control records left out.</summary>
    public async Task<List<CatalogDelta>> DeltasAsync(string? topic = null)
    {
        var decoder = _provider.GetRequiredService<IDeltaDecoder>();
        await decoder.PrepareAsync(default);
        var deltas = new List<CatalogDelta>();
        foreach (var record in Read(topic ?? Kafka.Topics.Deltas).Where(record => record.Message.Value is not null))
        {
            deltas.Add(await decoder.DecodeAsync(record.Message.Value, default));
        }

        return deltas;
    }

    public List<ConsumeResult<byte[], byte[]>> ControlRecords() =>
        [.. Read(Kafka.Topics.Deltas).Where(record => record.Message.Value is null)];

    public List<ConsumeResult<byte[], byte[]>> DeadLetters() => Read(Kafka.Topics.DeadLetters);

    /// <summary>What a publisher in a process of its own is called with.</summary>
    public IEnumerable<string> Arguments(params (string Key, string Value)[] settings) =>
        _settings.Select(setting => $"{setting.Key}={setting.Value}").Concat(settings.Select(setting => $"{setting.Key}={setting.Value}"))
            .SelectMany(setting => new[] { "--set", setting });

    /// <summary>The progress, or null while there is none, or no topic.</summary>
    public SourceProgress? TryProgress()
    {
        using var admin = Kafka.CreateAdmin();
        return admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics.Any(topic => topic.Topic == Kafka.Topics.Watermarks) ? History().LastOrDefault() : null;
    }

    public SourceProgress Progress() => History()[^1];

    public List<SourceProgress> History() => [.. Read(Kafka.Topics.Watermarks).Where(record => record.Message.Value is not null).Select(record => SourceProgress.FromJson(record.Message.Value))];

    public static string Header(ConsumeResult<byte[], byte[]> record, string name) => Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes(name));

    public List<ConsumeResult<byte[], byte[]>> Read(string topic)
    {
        using var consumer = Kafka.ConsumerBuilder("reader", config =>
        {
            config.EnablePartitionEof = true;
            config.FetchWaitMaxMs = 10;
        }).Build();
        using var admin = Kafka.CreateAdmin();
        var partitions = admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics[0].Partitions.Count;
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, 0)));
        var records = new List<ConsumeResult<byte[], byte[]>>();
        for (var open = partitions; open > 0;)
        {
            var record = consumer.Consume(RunningPublisher.Patience) ?? throw new TimeoutException($"{topic} has no end");
            if (record.IsPartitionEOF)
            {
                open--;
            }
            else
            {
                records.Add(record);
            }
        }

        return records;
    }

    public IConfiguration Configuration() => new ConfigurationBuilder().AddInMemoryCollection(_settings).Build();
}
