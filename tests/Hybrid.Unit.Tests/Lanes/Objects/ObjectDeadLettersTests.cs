using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Partitions;
using Hybrid.Lanes.Objects;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Lines;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Windows;
using Hybrid.Unit.Tests.Solr;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Unit.Tests.Lanes.Objects;

public sealed class ObjectDeadLettersTests : IDisposable
{
    private static readonly ObjectPlace Place = new(
        new PartitionId(new DateTimeOffset(2011, 12, 1, 8, 5, 0, TimeSpan.Zero), TimeSpan.FromMinutes(5)), "dt=2011-12-01/hh=08/mm=05/part-0.ndjson", "e1", 2);

    private readonly ConditionalStore _store = new();
    private readonly HybridMetrics _metrics = new();
    private readonly MetricsRecorder _recorder;
    private readonly ObjectDeadLetters _letters;

    public ObjectDeadLettersTests()
    {
        _recorder = new MetricsRecorder(_metrics);
        _letters = new ObjectDeadLetters(_store, "_hybrid/direct/catalog/dead-letters/", "catalog", "direct", _metrics, NullLogger.Instance);
    }

    public void Dispose()
    {
        _recorder.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public async Task BadLine_IsKept_WithItsPlaceAndError()
    {
        var part = _letters.Part(Place, 0);
        _letters.Add(part, Place, "{oh"u8.ToArray(), default, 7, 3, new LineError(ErrorClasses.MalformedJson, "not JSON") { Column = 2 });
        await _letters.StoreAsync(part, default);

        Assert.Equal(["_hybrid/direct/catalog/dead-letters/dt=2011-12-01/hh=08/mm=05/part-0.ndjson/e1-0000.ndjson"], _store.Keys);
        var letter = Read(_store.Keys.Single());
        Assert.Equal("{oh", letter.GetProperty("content").GetString());
        Assert.Equal((7, 2, 2), (letter.GetProperty("line").GetInt32(), letter.GetProperty("column").GetInt32(), letter.GetProperty("generation").GetInt32()));
        Assert.Equal("malformed-json", letter.GetProperty("class").GetString());
        Assert.Equal("2011-12-01T08:05Z", letter.GetProperty("partition").GetString());
        Assert.False(letter.TryGetProperty("originalLength", out _));
        Assert.Equal(1, _recorder.Counters()[Instruments.DeadLetters]);
    }

    [Fact]
    public void BytesThatAreNoText_AreKeptAsBase64_AndACutOneSaysItsLength()
    {
        var line = LetterLine.Of(new DeadLetter(new byte[] { 0xff, 0x00 }, "invalid-utf8", "not UTF-8") { OriginalLength = 9 });
        Assert.Equal((null, 9L), (line.Content, line.OriginalLength));
        Assert.Equal([0xff, 0x00], line.ContentBase64);
    }

    [Fact]
    public async Task RefusedDocument_IsKeptAsTheLineThatItWas_AndTwiceIsOnce()
    {
        var number = _letters.Enter(Place);
        var record = new LaneRecord(number, 4, new Message<byte[], byte[]>(), Deltas.Upsert("a", 1), null);
        await _letters.RefuseAsync(record, "no such field", default);
        await _letters.RefuseAsync(record, "no such field", default);

        var letter = Read(Assert.Single(_store.Keys));
        Assert.Equal(("refused-document", 4), (letter.GetProperty("class").GetString(), letter.GetProperty("line").GetInt32()));
        Assert.Contains("\"documentId\":\"a\"", letter.GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusedSignals_AreKeptByTheirDocument()
    {
        await _letters.RefuseAsync(new DocumentSignals { DocumentId = "a/b", Version = 3 }, new SignalsCause(0, 0, 1), "no", default);
        Assert.StartsWith("_hybrid/direct/catalog/dead-letters/signals/", Assert.Single(_store.Keys), StringComparison.Ordinal);
    }

    private JsonElement Read(string key) => JsonDocument.Parse(Encoding.UTF8.GetString(_store[key]).Split('\n')[0]).RootElement;
}
