using System.Text;
using Confluent.Kafka;
using Hybrid.Comparison.Truth;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Windows;
using Hybrid.Streamiz.Windows;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Streamiz.Tests.Windows;

/// <summary>A task's window over a store that may be ahead of what was committed, as every crash leaves it.</summary>
public sealed class TaskWindowTests(CodecFixture codec) : IClassFixture<CodecFixture>, IDisposable
{
    private static readonly DateTimeOffset Origin = new(2011, 12, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);
    private static readonly byte[] Source = Encoding.UTF8.GetBytes("catalog");

    private readonly HybridMetrics _metrics = new();

    [Fact]
    public async Task CrashedAtAnyRecord_WithTheStoreAheadAndWritesLost_EndsAsIfNothingHadHappened()
    {
        var encoder = await codec.EncoderAsync();
        var decoder = await codec.DecoderAsync();
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var options = new WindowOptions { Length = Period * random.Next(1, 6), Hop = random.Next(3) == 0 ? Period * 2 : TimeSpan.Zero };
            var log = MakeLog(random, encoder, out var truth, out var end, options);
            var run = new Run(log, options, decoder, _metrics);

            run.Process(random);

            foreach (var (document, expected) in truth.At(DateTimeOffset.FromUnixTimeMilliseconds(options.End(end))))
            {
                Assert.True(run.Index.TryGetValue(document, out var shown), $"seed {seed}: {document} is missing");
                Assert.Equal((expected.Units, expected.Lines, expected.Related), (shown.Units, shown.Lines, string.Join('\n', shown.Related)));
            }

            var expectedDocuments = truth.At(DateTimeOffset.FromUnixTimeMilliseconds(options.End(end))).Keys.ToHashSet();
            Assert.All(run.Index.Values.Where(state => !expectedDocuments.Contains(state.DocumentId)), state => Assert.Equal(0, state.Lines));
        }
    }

    [Fact]
    public async Task Advance_OnceItIsCommitted_DropsWhatLeftTheWindow_AndKeepsTheLastControlRecord()
    {
        var options = new WindowOptions { Length = Period * 2 };
        var encoder = await codec.EncoderAsync();
        var store = new MapStore();
        var positions = new StreamPositions(_metrics, TimeProvider.System);
        var window = Open(store, options, await codec.DecoderAsync(), positions);
        var most = 0;
        for (var partition = 0; partition < 50; partition++)
        {
            var start = Origin + (Period * partition);
            for (var i = 0; i < 10; i++)
            {
                var offset = (partition * 11) + i;
                var signal = Deltas.Signal($"d{i}", 1) with { Partition = new PartitionId(start, Period).Name };
                window.Take(0, offset);
                window.Add(offset, CodecFixture.Encode(encoder, signal), signal);
            }

            window.Take(0, (partition * 11) + 10);
            window.Advance(0, (partition * 11) + 10, Source, (start + Period).ToUnixTimeMilliseconds());
            positions.NoteCommitted([new TopicPartitionOffset("t", 0, (partition * 11) + 11)]);
            most = Math.Max(most, store.Count);
        }

        // Two partitions in the window, the one that comes in, and the one that left it by a control record that was not committed yet.
        Assert.InRange(most, 22, 45);
    }

    [Fact]
    public async Task Take_OfALogMadeAnew_ForgetsWhatTheOldOneHeld()
    {
        var options = new WindowOptions { Length = Period * 4 };
        var encoder = await codec.EncoderAsync();
        var decoder = await codec.DecoderAsync();
        var store = new MapStore();
        var positions = new StreamPositions(_metrics, TimeProvider.System);
        Feed(Open(store, options, decoder, positions), "old", 0, 10);

        var anew = Open(store, options, decoder, positions);
        Feed(anew, "new", 1, 5);
        anew.Take(0, 20);
        var later = Open(store, options, decoder, positions);
        later.Take(0, 21);
        var states = new List<DocumentSignals>();
        later.Advance(0, 21, Source, (Origin + (Period * 2)).ToUnixTimeMilliseconds());
        later.Drain(states);

        Assert.Equal([("new", 4L)], states.Select(state => (state.DocumentId, state.Lines)));

        void Feed(TaskWindow window, string document, int partition, int records)
        {
            for (var offset = 0; offset < records; offset++)
            {
                var signal = Deltas.Signal(document, 1) with { Partition = new PartitionId(Origin + (Period * partition), Period).Name };
                window.Take(0, offset);
                if (offset != 3)
                {
                    window.Add(offset, CodecFixture.Encode(encoder, signal), signal);
                }
            }
        }
    }

    public void Dispose() => _metrics.Dispose();

    private TaskWindow Open(MapStore store, WindowOptions options, IDeltaDecoder decoder, StreamPositions positions) =>
        new(store, options, new LaneRecordReader(decoder), positions, new WindowMetrics(_metrics, NullLogger.Instance));

    /// <summary>Partitions in order, each with its signals, late ones of earlier partitions, records of other kinds, and its control record.</summary>
    private static List<LogRecord> MakeLog(Random random, IDeltaEncoder encoder, out SignalsTruth truth, out long end, WindowOptions options)
    {
        truth = new SignalsTruth(options.Length, options.Hop);
        var log = new List<LogRecord>();
        var partitions = random.Next(3, 15);
        for (var partition = 0; partition < partitions; partition++)
        {
            for (var i = random.Next(12); i > 0; i--)
            {
                var of = random.Next(6) == 0 ? random.Next(partition + 1) : partition;
                var signal = Deltas.Signal($"d{random.Next(6)}", i, $"d{random.Next(6)}", $"e{random.Next(3)}") with
                {
                    Partition = new PartitionId(Origin + (Period * of), Period).Name,
                    Quantity = random.Next(-3, 9),
                };
                truth.Apply(signal);
                log.Add(new LogRecord(CodecFixture.Encode(encoder, signal), signal, 0));
                if (random.Next(4) == 0)
                {
                    log.Add(default);
                }
            }

            log.Add(new LogRecord(null, null, (Origin + (Period * (partition + 1))).ToUnixTimeMilliseconds()));
        }

        end = (Origin + (Period * partitions)).ToUnixTimeMilliseconds();
        return log;
    }

    /// <summary>A signal, or else a control record, or else one that is neither.</summary>
    private readonly record struct LogRecord(byte[]? Value, CatalogDelta? Signal, long Watermark);

    /// <summary>Processes a log with crashes: what was not committed may or may not have reached the index, and the store has all of it.</summary>
    private sealed class Run(List<LogRecord> log, WindowOptions options, IDeltaDecoder decoder, HybridMetrics metrics)
    {
        private readonly MapStore _store = new();

        public Dictionary<string, DocumentSignals> Index { get; } = [];

        public void Process(Random random)
        {
            var committed = 0;
            while (committed < log.Count)
            {
                var positions = new StreamPositions(metrics, TimeProvider.System);
                var window = new TaskWindow(_store, options, new LaneRecordReader(decoder), positions, new WindowMetrics(metrics, NullLogger.Instance));
                var crash = random.Next(committed, log.Count + 10);
                var unsure = new List<DocumentSignals>();
                for (var offset = committed; offset < log.Count && offset < crash; offset++)
                {
                    Take(window, offset);
                    window.Drain(unsure);
                    if (random.Next(5) == 0 || offset + 1 == log.Count)
                    {
                        unsure.ForEach(Write);
                        unsure.Clear();
                        committed = offset + 1;
                        positions.NoteCommitted([new TopicPartitionOffset("t", 0, committed)]);
                    }
                }

                unsure.Where(_ => random.Next(2) == 0).ToList().ForEach(Write);
            }
        }

        private void Take(TaskWindow window, int offset)
        {
            var record = log[offset];
            window.Take(0, offset);
            if (record.Signal is not null)
            {
                window.Add(offset, record.Value!, record.Signal);
            }
            else if (record.Watermark != 0)
            {
                window.Advance(0, offset, Source, record.Watermark);
            }
        }

        private void Write(DocumentSignals state)
        {
            if (!Index.TryGetValue(state.DocumentId, out var known) || state.Version > known.Version)
            {
                Index[state.DocumentId] = state;
            }
        }
    }
}
