using System.Buffers.Binary;
using System.Text;
using Confluent.Kafka;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Solr;
using Hybrid.Pipeline.Windows;
using Hybrid.Streamiz.Stores;
using Hybrid.Streamiz.Windows;
using Microsoft.Extensions.Logging.Abstractions;
using Streamiz.Kafka.Net.Mock;
using Streamiz.Kafka.Net.SerDes;

namespace Hybrid.Streamiz.Tests.Topology;

/// <summary>The topology in Streamiz's own test driver: what a commit waits for.</summary>
public sealed class DeltaTopologyTests(CodecFixture codec) : IClassFixture<CodecFixture>, IAsyncLifetime
{
    private static readonly DateTimeOffset PartitionEnd = new(2011, 12, 1, 8, 10, 0, TimeSpan.Zero);

    private readonly GatedSolr _solr = new();
    private readonly HybridMetrics _metrics = new();
    private readonly HybridTracing _tracing = new();
    private readonly TemporaryDirectory _directory = new();
    private readonly OpenStores _stores = new();
    private DeltaSink? _sink;
    private TestInputTopic<byte[], byte[]>? _topic;
    private IDeltaEncoder? _encoder;

    [Fact]
    public async Task Commit_WaitsForTheWritesInFlight()
    {
        using var driver = await DriveAsync();
        Pipe(Deltas.Upsert("a"), Deltas.Delete("b", 2));
        await _solr.Asked;

        var commit = Task.Run(driver.Commit);
        Assert.False(commit.IsCompleted);
        _solr.Acknowledge();
        await commit;

        Assert.Equal(["a", "b"], _solr.Written.Select(delta => delta.DocumentId).Order());
        Assert.Equal(0, _sink!.InFlight);
    }

    [Fact]
    public async Task Commit_AfterAFailedWrite_Throws_AndSoDoesEveryLaterOne()
    {
        using var driver = await DriveAsync();
        Pipe(Deltas.Upsert("a"));
        _solr.Fail(new SolrException("Solr is gone", null, true));

        var first = Assert.Throws<WriteFailedException>(driver.Commit);
        var second = Assert.Throws<WriteFailedException>(driver.Commit);

        Assert.Contains("Solr is gone", first.Message, StringComparison.Ordinal);
        Assert.Contains("Solr is gone", second.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commit_AfterTheLaneGaveUpDraining_Throws()
    {
        using var driver = await DriveAsync();
        Pipe(Deltas.Upsert("a"));
        await _solr.Asked;

        _sink!.Abandon("the deadline has passed");

        Assert.Throws<WriteFailedException>(driver.Commit);
        Assert.Empty(_solr.Written);
    }

    [Fact]
    public async Task Commit_WithSignalsOfAPartitionThatIsOpen_DoesNotAskSolr()
    {
        using var driver = await DriveAsync();
        Pipe(Deltas.Signal("a", 1, "b"));

        driver.Commit();

        Assert.False(_solr.Asked.IsCompleted);
    }

    [Theory]
    [InlineData(StreamizStateStore.RocksDb)]
    [InlineData(StreamizStateStore.Memory)]
    public async Task Commit_AfterAControlRecord_WaitsForTheStatesThatItBroughtAbout(StreamizStateStore store)
    {
        using var driver = await DriveAsync(store);
        Pipe(Deltas.Signal("a", 1, "b"), Deltas.Signal("a", 2, "b", "c"), Deltas.Signal("b", 3));
        PipeWatermark(PartitionEnd);
        await _solr.Asked;

        var commit = Task.Run(driver.Commit);
        Assert.False(commit.IsCompleted);
        _solr.Acknowledge();
        await commit;

        Assert.Equal([("a", -4L, 2L, "b c"), ("b", -2L, 1L, "")], Shown());
    }

    [Fact]
    public async Task Signals_LateOnesCountAtOnce_AndAllGoWithTheWindow()
    {
        using var driver = await DriveAsync();
        _solr.Acknowledge();
        Pipe(Deltas.Signal("a", 1));
        PipeWatermark(PartitionEnd);
        Pipe(Deltas.Signal("a", 2));
        driver.Commit();
        Assert.Equal([("a", -4L, 2L, "")], Shown());

        PipeWatermark(PartitionEnd + TimeSpan.FromHours(6));
        Pipe(Deltas.Signal("a", 3));
        driver.Commit();
        Assert.Equal([("a", 0L, 0L, "")], Shown());
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_sink is not null)
        {
            await _sink.DisposeAsync();
        }

        _stores.Dispose();
        _tracing.Dispose();
        _metrics.Dispose();
        _directory.Dispose();
    }

    private IEnumerable<(string Id, long Units, long Lines, string Related)> Shown() => _solr.Signals.Values
        .OrderBy(state => state.DocumentId, StringComparer.Ordinal)
        .Select(state => (state.DocumentId, state.Units, state.Lines, string.Join(' ', state.Related)));

    private void PipeWatermark(DateTimeOffset end)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, end.ToUnixTimeMilliseconds());
        _topic!.PipeInput("catalog"u8.ToArray(), null!, new Headers { { RecordHeaders.Watermark, bytes } });
    }

    private async Task<TopologyTestDriver> DriveAsync(StreamizStateStore store = StreamizStateStore.RocksDb)
    {
        _encoder = await codec.EncoderAsync();
        var kafka = new KafkaOptions { BootstrapServers = "127.0.0.1:1" };
        var lane = new LaneOptions();
        var deadLetters = new LaneDeadLetters("streamiz", new KafkaClients(kafka, _metrics, NullLoggerFactory.Instance), _metrics, NullLoggerFactory.Instance);
        var freshness = new LaneFreshness(_metrics, new EventClock(new ClockOptions()));
        var positions = new StreamPositions(_metrics, TimeProvider.System);
        _sink = new DeltaSink(new BatchWriter(_solr, deadLetters, freshness, _metrics, _tracing), deadLetters, lane, _metrics, TimeProvider.System);
        var parts = new TaskParts(
            _sink, () => new BuiltinDeltaDecoder(codec.Registry, codec.Topics), new WindowOptions(), store, _stores, positions,
            new WindowMetrics(_metrics, NullLogger.Instance), freshness, _metrics, TimeProvider.System);
        var config = StreamizSettings.Create(
            kafka, lane, new StreamizOptions { StateDirectory = _directory.Path }, new StreamizLogging(NullLoggerFactory.Instance));
        var driver = new TopologyTestDriver(DeltaTopology.Build(new TopicNames().Deltas, parts), config);
        _topic = driver.CreateInputTopic(new TopicNames().Deltas, new ByteArraySerDes(), new ByteArraySerDes());
        return driver;
    }

    private void Pipe(params CatalogDelta[] deltas)
    {
        foreach (var delta in deltas)
        {
            _topic!.PipeInput(Encoding.UTF8.GetBytes(delta.DocumentId), CodecFixture.Encode(_encoder!, delta));
        }
    }
}
