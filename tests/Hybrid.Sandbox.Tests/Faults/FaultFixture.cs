using Amazon.S3;
using Amazon.S3.Model;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Tests.S3;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Sandbox.Tests.Faults;

/// <summary>A sandbox with a bucket, a core and a topic, and real clients that retry nothing by themselves.</summary>
public sealed class FaultFixture : IAsyncLifetime
{
    public const string Bucket = "shop";
    public const string Core = "shop";

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();

    public string DataDirectory => _directory.Path;

    public SandboxServer Sandbox { get; private set; } = null!;

    public AmazonS3Client S3 { get; private set; } = null!;

    public HttpClient Http { get; } = new() { Timeout = Patience };

    public string Solr => Sandbox.Endpoints.SolrUrl + "/" + Core;

    public string Registry => Sandbox.Endpoints.RegistryUrl!;

    public string Kafka => Sandbox.Endpoints.KafkaBootstrapServers!;

    public async Task InitializeAsync()
    {
        await StartAsync();
        await S3.PutBucketAsync(Bucket);
        using var core = await Http.GetAsync($"{Sandbox.Endpoints.SolrUrl}/admin/cores?action=CREATE&name={Core}&configSet=hybrid");
        core.EnsureSuccessStatusCode();
    }

    public async Task DisposeAsync()
    {
        S3.Dispose();
        Http.Dispose();
        await Sandbox.DisposeAsync();
        _directory.Dispose();
    }

    public async Task RestartAsync()
    {
        S3.Dispose();
        await Sandbox.DisposeAsync();
        await StartAsync();
    }

    /// <summary>Injects a fault, which ends with what is returned.</summary>
    internal Injection Inject(FaultSpecification fault) => new(Sandbox, Sandbox.Faults.Add(fault).Id);

    public async Task<List<string>> ListAsync(string prefix = "")
    {
        var listed = await S3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket, Prefix = prefix });
        return [.. (listed.S3Objects ?? []).Select(entry => entry.Key)];
    }

    public Task PutAsync(string key, string content = "content") =>
        S3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, ContentBody = content });

    public async Task<string> ReadAsync(string key)
    {
        using var answer = await S3.GetObjectAsync(Bucket, key);
        using var reader = new StreamReader(answer.ResponseStream);
        return await reader.ReadToEndAsync();
    }

    public async Task CreateTopicAsync(string name)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Kafka }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = 1, ReplicationFactor = 1 }]);
    }

    public IProducer<string, string> Producer(Action<ProducerConfig>? configure = null)
    {
        var config = new ProducerConfig { BootstrapServers = Kafka, LingerMs = 0, RetryBackoffMs = 5, ReconnectBackoffMs = 5, ReconnectBackoffMaxMs = 50 };
        configure?.Invoke(config);
        return new ProducerBuilder<string, string>(config).SetLogHandler((_, _) => { }).Build();
    }

    /// <summary>The values in a topic's only partition.</summary>
    public List<string> Records(string topic)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = Kafka,
            GroupId = "reader",
            EnablePartitionEof = true,
            IsolationLevel = IsolationLevel.ReadCommitted,
            ReconnectBackoffMs = 5,
            ReconnectBackoffMaxMs = 50,
        };
        using var consumer = new ConsumerBuilder<string, string>(config).SetLogHandler((_, _) => { }).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var records = new List<string>();
        while (consumer.Consume(Patience) is { IsPartitionEOF: false } record)
        {
            records.Add(record.Message.Value);
        }

        return records;
    }

    /// <summary>Waits until something holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await holds())
        {
            await Task.Delay(10, limit.Token);
        }
    }

    private async Task StartAsync()
    {
        Sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { DataDirectory = DataDirectory }, NullLoggerFactory.Instance, CancellationToken.None);
        S3 = S3Fixture.ClientOf(new Uri(Sandbox.Endpoints.S3Url!), whenRequired: true);
    }
}

/// <summary>A fault that a test injected.</summary>
internal sealed class Injection(SandboxServer sandbox, string id) : IDisposable
{
    public FaultStatus Status => sandbox.Faults.List().Single(fault => fault.Id == id);

    public void Dispose() => sandbox.Faults.Clear(id);
}
