using System.Buffers;
using System.Buffers.Binary;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Hybrid.Contracts.Lanes;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Solr;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.EndToEnd.Tests.Lanes;

/// <summary>One test's topics and collection on the shared stack: publishes, starts lanes, reads what they did.</summary>
internal sealed class LaneFixture : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, string?> _settings;
    private readonly ServiceProvider _provider;
    private readonly KafkaClients _kafka;
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly IDeltaEncoder _encoder;
    private readonly SolrReader _reader;

    private LaneFixture(LaneStack stack, string lane, string? solrUrl)
    {
        var name = Guid.NewGuid().ToString("n")[..8];
        Lane = lane;
        _settings = new Dictionary<string, string?>
        {
            ["Kafka:BootstrapServers"] = stack.BootstrapServers,
            ["Kafka:TopicPrefix"] = name + ".",
            ["Kafka:Partitions"] = "3",
            ["Avro:RegistryUrl"] = stack.RegistryUrl,
            ["Solr:Url"] = solrUrl ?? stack.SolrUrl,
            ["Solr:Collection"] = name,
            ["Solr:Visibility"] = "commit-within=20ms",
            ["Lane:Interval"] = "00:00:00.050",
            ["Lane:CommitInterval"] = "00:00:00.050",
            ["Lane:SessionTimeout"] = "00:00:06",
            ["Window:Length"] = "00:00:00",
        };
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton<HybridMetrics>();
        var configuration = Configuration();
        services.AddKafka(configuration).AddAvro(configuration).AddSolr(configuration, lane);
        _provider = services.BuildServiceProvider();
        _kafka = _provider.GetRequiredService<KafkaClients>();
        _producer = _kafka.CreateProducer();
        _encoder = _provider.GetRequiredService<IDeltaEncoder>();
        _reader = _provider.GetRequiredService<SolrReader>();
    }

    public string Lane { get; }

    public static async Task<LaneFixture> CreateAsync(LaneStack stack, string lane, string? solrUrl = null)
    {
        var fixture = new LaneFixture(stack, lane, solrUrl);
        await fixture._kafka.EnsureTopicsAsync(CancellationToken.None);
        await fixture._encoder.PrepareAsync(CancellationToken.None);
        return fixture;
    }

    /// <summary>Starts a lane as a process of its own, with the settings that lanes were started with so far.</summary>
    public LaneProcess StartProcess(params (string Key, string Value)[] settings)
    {
        Keep(settings);
        return LaneProcess.Start(Lane, _settings);
    }

    public RunningLane Start(params (string Key, string Value)[] settings)
    {
        Keep(settings);
        return new RunningLane(Lane, Configuration());
    }

    private void Keep((string Key, string Value)[] settings)
    {
        foreach (var (key, value) in settings)
        {
            _settings[key] = value;
        }
    }

    public async Task PublishAsync(params CatalogDelta[] deltas)
    {
        foreach (var delta in deltas)
        {
            var buffer = new ArrayBufferWriter<byte>();
            _encoder.Encode(delta, buffer);
            Send(Encoding.UTF8.GetBytes(delta.DocumentId), buffer.WrittenSpan.ToArray(), (RecordHeaders.Closed, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
        }

        await FlushAsync();
    }

    public Task PublishPoisonAsync(string key) => PublishValueAsync(key, "no delta"u8.ToArray());

    public async Task PublishValueAsync(string key, byte[] value)
    {
        Send(Encoding.UTF8.GetBytes(key), value);
        await FlushAsync();
    }

    /// <summary>Registers a schema as the topic's newest, compatible or not.</summary>
    /// <returns>Its id.</returns>
    public async Task<int> EvolveAsync(string schema)
    {
        using var http = new HttpClient();
        var config = new Uri($"{_settings["Avro:RegistryUrl"]!.TrimEnd('/')}/config/{_kafka.Topics.DeltasSubject}");
        (await http.PutAsJsonAsync(config, new { compatibility = "NONE" })).EnsureSuccessStatusCode();
        return await _provider.GetRequiredService<SchemaRegistryClient>().RegisterAsync(_kafka.Topics.DeltasSubject, schema, CancellationToken.None);
    }

    public async Task PublishWatermarkAsync(DateTimeOffset watermark, int shards = 1)
    {
        var headers = Times((RecordHeaders.Watermark, watermark.ToUnixTimeMilliseconds()));
        if (shards > 1)
        {
            headers.Add(RecordHeaders.Shards, Encoding.UTF8.GetBytes($"{shards}"));
        }

        for (var partition = 0; partition < 3; partition++)
        {
            _producer.Produce(new TopicPartition(_kafka.Topics.Deltas, partition), new Message<byte[], byte[]>
            {
                Key = "catalog"u8.ToArray(),
                Value = null!,
                Headers = headers,
            });
        }

        await FlushAsync();
    }

    /// <summary>Waits until the index holds exactly what the deltas say: the greatest version of each document.</summary>
    public async Task ConvergesAsync(RunningLane lane, IReadOnlyCollection<CatalogDelta> deltas)
    {
        var expected = Expected(deltas);
        await lane.UntilAsync(async () => (await IndexAsync()).SequenceEqual(expected), async () => Difference(expected, await IndexAsync()));
    }

    /// <summary>Everything searchable; nothing before the lane has made its collection.</summary>
    public async Task<List<IndexedDocument>> IndexAsync()
    {
        var documents = new List<IndexedDocument>();
        try
        {
            await foreach (var document in _reader.ExportAsync(CancellationToken.None))
            {
                documents.Add(document);
            }
        }
        catch (SolrException missing) when (missing.Status == 404)
        {
            return [];
        }

        return documents;
    }

    /// <summary>Whether the lane has made its collection.</summary>
    public async Task<bool> HasCollectionAsync()
    {
        try
        {
            return await _reader.CountAsync(tombstones: true, CancellationToken.None) >= 0;
        }
        catch (SolrException missing) when (missing.Status == 404)
        {
            return false;
        }
    }

    public Task DeleteCollectionAsync() =>
        _provider.GetRequiredService<SolrAdmin>().DeleteCollectionAsync(_reader.Collection, CancellationToken.None);

    /// <summary>Offsets between what the lane's group has committed and the ends of the partitions.</summary>
    public long Uncommitted()
    {
        using var consumer = _kafka.ConsumerBuilder($"hybrid-lane-{Lane}").Build();
        return consumer.Committed(Enumerable.Range(0, 3).Select(partition => new TopicPartition(_kafka.Topics.Deltas, partition)), Patience)
            .Sum(place => consumer.QueryWatermarkOffsets(place.TopicPartition, Patience).High.Value - Math.Max(0, place.Offset.Value));
    }

    public List<Message<byte[], byte[]>> DeadLetters() => ReadAll(_kafka.Topics.DeadLetters);

    /// <summary>What the commit log tells, in its order.</summary>
    public List<BatchCommit> Commits() =>
        [.. ReadAll(_kafka.Topics.Commits).Select(message => JsonSerializer.Deserialize(message.Value, BatchCommitJson.Default.BatchCommit)!)];

    public async Task DeleteCommitLogAsync()
    {
        using var admin = _kafka.CreateAdmin();
        await admin.DeleteTopicsAsync([_kafka.Topics.Commits]);
    }

    private List<Message<byte[], byte[]>> ReadAll(string topic)
    {
        using var consumer = _kafka.ConsumerBuilder($"reader-{Guid.NewGuid()}", config => config.EnablePartitionEof = true).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var letters = new List<Message<byte[], byte[]>>();
        while (consumer.Consume(Patience) is { IsPartitionEOF: false } result)
        {
            letters.Add(result.Message);
        }

        return letters;
    }

    public async ValueTask DisposeAsync()
    {
        _producer.Dispose();
        await _provider.DisposeAsync();
    }

    private static List<IndexedDocument> Expected(IReadOnlyCollection<CatalogDelta> deltas) =>
        [.. deltas
            .GroupBy(delta => delta.DocumentId)
            .Select(versions => versions.MaxBy(delta => delta.Version)!)
            .Select(delta => new IndexedDocument
            {
                Id = delta.DocumentId,
                AttributesVersion = delta.Version,
                Deleted = delta.Kind == DeltaKind.Delete,
                Title = delta.Kind == DeltaKind.Delete ? null : delta.Title,
                Category = delta.Kind == DeltaKind.Delete ? null : delta.Category,
                Price = delta.Kind == DeltaKind.Delete ? null : delta.Price,
                Quantity = delta.Kind == DeltaKind.Delete ? null : delta.Quantity,
                Campaign = delta.Kind == DeltaKind.Delete ? null : delta.Campaign,
                Partition = delta.Partition,
                EventTimeMilliseconds = delta.EventTimeMilliseconds,
            })
            .OrderBy(document => document.Id, StringComparer.Ordinal)];

    private static string Difference(List<IndexedDocument> expected, List<IndexedDocument> actual) =>
        $"{expected.Count} documents expected, {actual.Count} found; first difference: "
        + $"{expected.Except(actual).FirstOrDefault()} against {actual.Except(expected).FirstOrDefault()}";

    private static Headers Times(params (string Name, long Milliseconds)[] times)
    {
        var headers = new Headers();
        foreach (var (name, milliseconds) in times)
        {
            var bytes = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64BigEndian(bytes, milliseconds);
            headers.Add(name, bytes);
        }

        return headers;
    }

    private void Send(byte[] key, byte[] value, params (string Name, long Milliseconds)[] times) =>
        _producer.Produce(_kafka.Topics.Deltas, new Message<byte[], byte[]> { Key = key, Value = value, Headers = Times(times) });

    // What the flush with a time returns counts the client's own events too, not only messages that wait.
    private Task FlushAsync() => Task.Run(() =>
    {
        using var patience = new CancellationTokenSource(Patience);
        _producer.Flush(patience.Token);
    });

    private IConfigurationRoot Configuration() => new ConfigurationBuilder().AddInMemoryCollection(_settings).Build();
}
