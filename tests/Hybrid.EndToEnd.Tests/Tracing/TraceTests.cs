using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Hybrid.Contracts.Lanes;
using Hybrid.Contracts.Measurement;
using Hybrid.EndToEnd.Tests.Lanes;
using Hybrid.EndToEnd.Tests.Publisher;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Sandbox;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.EndToEnd.Tests.Tracing;

public sealed class TraceTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hybrid-traces-").FullName;
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;
    private SandboxServer _sandbox = null!;

    public TraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Spans.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public async Task InitializeAsync() =>
        _sandbox = await SandboxServer.StartAsync(new SandboxOptions { DataDirectory = _directory }, NullLoggerFactory.Instance, default);

    public async Task DisposeAsync()
    {
        _listener.Dispose();
        await _sandbox.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData(LaneNames.MicroBatch)]
    [InlineData(LaneNames.Streaming)]
    public async Task Batch_IsLinkedToTheSpansOfThePartitionsThatItsRecordsCameFrom(string lane)
    {
        var configuration = Configuration(lane);
        await PutAsync(configuration, "dt=2011-12-01/hh=08/mm=00/part-1.ndjson", "a", "b");
        await PutAsync(configuration, "dt=2011-12-01/hh=08/mm=05/part-1.ndjson", "c");
        await using (var publisher = new RunningPublisher(configuration, store: null))
        {
            await publisher.EndsAsync();
        }

        await using var running = new RunningLane(lane, configuration);
        await running.UntilAsync(() => Batches().Sum(Documents) == 3, "three documents in batches with spans");

        var published = Published(lane);
        Assert.Equal(["2011-12-01T08:00Z", "2011-12-01T08:05Z"], published.Select(span => Tag(span, Spans.PartitionAttribute)));
        Assert.Equal([2L, 1L], published.Select(span => (long)span.GetTagItem(Spans.RecordsAttribute)!));
        Assert.Equal(
            published.Select(span => span.SpanId.ToString()).Order(),
            Batches().SelectMany(batch => batch.Links).Select(link => link.Context.SpanId.ToString()).Distinct().Order());
        Assert.All(Batches(), batch => Assert.Matches(@"^\d+:\d+-\d+(,\d+:\d+-\d+)*$", Tag(batch, Spans.BatchAttribute)));

        List<Activity> Batches()
        {
            var spans = Published(lane).Select(span => span.SpanId).ToHashSet();
            return [.. _ended.Where(span => span.OperationName == Spans.Write && span.Links.Any(link => spans.Contains(link.Context.SpanId)))];
        }
    }

    private static int Documents(Activity batch) => (int)batch.GetTagItem(Spans.DocumentsAttribute)!;

    private static string Tag(Activity span, string name) => (string)span.GetTagItem(name)!;

    /// <summary>The publisher's spans of this test: those of transactions that published something.</summary>
    private List<Activity> Published(string source) =>
        [.. _ended.Where(span => span.OperationName == Spans.Publish
            && Equals(span.GetTagItem(Spans.SourceAttribute), Source(source))
            && span.GetTagItem(Spans.RecordsAttribute) is > 0L)];

    private static string Source(string lane) => $"traced-{lane}";

    private IConfigurationRoot Configuration(string lane) => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Kafka:BootstrapServers"] = _sandbox.Endpoints.KafkaBootstrapServers,
        ["Kafka:TopicPrefix"] = lane + ".",
        ["Avro:RegistryUrl"] = _sandbox.Endpoints.RegistryUrl,
        ["ObjectStore:ServiceUrl"] = _sandbox.Endpoints.S3Url,
        ["ObjectStore:Bucket"] = lane,
        ["Solr:Url"] = _sandbox.Endpoints.SolrUrl,
        ["Source:Name"] = Source(lane),
        ["Publisher:SettleDelay"] = "00:00:00",
        ["Publisher:Until"] = "2011-12-01T08:10:00Z",
        ["Publisher:ExitWhenDone"] = "true",
        ["Lane:Interval"] = "00:00:00.050",
    }).Build();

    private static async Task PutAsync(IConfiguration configuration, string key, params string[] documents)
    {
        await using var provider = new ServiceCollection().AddSingleton<HybridMetrics>().AddObjectStore(configuration).BuildServiceProvider();
        var store = provider.GetRequiredService<IObjectStore>();
        await store.EnsureBucketAsync(default);
        var lines = documents.Select(id => $$"""{"documentId":"{{id}}","kind":"upsert","eventTime":"2011-12-01T08:01:00Z","title":"{{id}}"}""");
        await store.PutAsync(key, new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines))), null, default);
    }
}
