using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Kafka;

namespace Hybrid.Comparison.Crashes.Publishing;

/// <summary>
/// One consumer of committed records that lives through all kills, and tells the ledger of what it sees on the topics of deltas, dead
/// letters and watermarks.
/// </summary>
internal sealed class CommittedReader : IAsyncDisposable
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TopicNames _topics;
    private readonly IDeltaDecoder _decoder;
    private readonly PublishLedger _ledger;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly TopicPartition[] _partitions;
    private readonly Dictionary<TopicPartition, long> _ends = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _reading;

    /// <summary>Begins to read.</summary>
    /// <param name="kafka">The cluster, which has the topics.</param>
    /// <param name="decoder">Prepared.</param>
    /// <param name="ledger">Is told.</param>
    /// <param name="deltaPartitions">How many partitions the deltas have.</param>
    public CommittedReader(KafkaClients kafka, IDeltaDecoder decoder, PublishLedger ledger, int deltaPartitions)
    {
        _topics = kafka.Topics;
        _decoder = decoder;
        _ledger = ledger;
        _consumer = kafka.ConsumerBuilder("crash-reader", config =>
        {
            config.EnablePartitionEof = true;
            config.FetchWaitMaxMs = 20;
        }).Build();
        _partitions =
        [
            .. Enumerable.Range(0, deltaPartitions).Select(partition => new TopicPartition(_topics.Deltas, partition)),
            new TopicPartition(_topics.DeadLetters, 0),
            new TopicPartition(_topics.Watermarks, 0),
        ];
        _consumer.Assign(_partitions.Select(partition => new TopicPartitionOffset(partition, 0)));
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Waits until everything is read that was there when this was called; no transaction may be open.</summary>
    /// <returns>Why it does not get there, or null.</returns>
    public async Task<string?> CatchUpAsync(CancellationToken cancellationToken)
    {
        var ends = await Task.Run(() => _partitions.ToDictionary(partition => partition, partition => _consumer.QueryWatermarkOffsets(partition, Answer).High.Value), cancellationToken)
            .ConfigureAwait(false);
        var started = Stopwatch.GetTimestamp();
        while (!HasReached(ends))
        {
            if (_reading.IsFaulted)
            {
                return $"the consumer failed: {_reading.Exception.InnerException?.Message}";
            }

            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                return $"a consumer of committed records does not get to the topics' ends within {Patience.TotalMinutes:0} minutes: a transaction is still open";
            }

            await Task.Delay(10, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _reading.ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
        _consumer.Dispose();
        _stopping.Dispose();
    }

    private bool HasReached(Dictionary<TopicPartition, long> ends)
    {
        lock (_ends)
        {
            return ends.All(end => _ends.GetValueOrDefault(end.Key) >= end.Value);
        }
    }

    private async Task ReadAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            var result = _consumer.Consume(Slice);
            if (result is { IsPartitionEOF: true })
            {
                lock (_ends)
                {
                    _ends[result.TopicPartition] = result.Offset.Value;
                }
            }
            else if (result is not null)
            {
                await TakeAsync(result).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask TakeAsync(ConsumeResult<byte[], byte[]> result)
    {
        if (result.Topic == _topics.Watermarks)
        {
            _ledger.Progress(Encoding.UTF8.GetString(result.Message.Key), PublishedProgress.FromJson(result.Message.Value));
        }
        else if (result.Topic == _topics.DeadLetters)
        {
            var line = long.TryParse(Header(result, RecordHeaders.DeadLetterLine), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
            _ledger.DeadLetter(Header(result, RecordHeaders.DeadLetterObject), line, result.Message.Value);
        }
        else if (result.Message.Value is null)
        {
            var watermark = BinaryPrimitives.ReadInt64BigEndian(result.Message.Headers.GetLastBytes(RecordHeaders.Watermark));
            _ledger.Control(result.Partition.Value, DateTimeOffset.FromUnixTimeMilliseconds(watermark));
        }
        else
        {
            _ledger.Record(result.Partition.Value, await _decoder.DecodeAsync(result.Message.Value, _stopping.Token).ConfigureAwait(false));
        }
    }

    private static string? Header(ConsumeResult<byte[], byte[]> result, string name) =>
        result.Message.Headers.TryGetLastBytes(name, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;
}
