using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Windows;
using Microsoft.Extensions.Logging;

namespace Hybrid.Pipeline.Lanes;

/// <summary>
/// Where a lane puts what it cannot write: the record as it was, its own headers kept, with its place and the error in headers of ours.
/// After a crash a record may be there twice, with the same place. The producer is made with the first one. Safe for concurrent calls.
/// </summary>
public sealed partial class LaneDeadLetters : IRefusedWrites, IDisposable
{
    private const int LoggedInFull = 20;
    private const int LongestError = 1_000;

    private readonly HybridMetrics _metrics;
    private readonly ILogger _logger;
    private readonly string _topic;
    private readonly string _source;
    private readonly byte[] _lane;
    private readonly Lazy<IProducer<byte[], byte[]>> _producer;
    private long _written;

    /// <summary>Makes the way to the dead letters of one lane.</summary>
    /// <param name="lane">The lane's name.</param>
    /// <param name="kafka">Makes the producer and names the topic.</param>
    /// <param name="metrics">Counts them.</param>
    /// <param name="loggers">The first ones are logged one by one.</param>
    public LaneDeadLetters(string lane, KafkaClients kafka, HybridMetrics metrics, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(kafka);
        _metrics = metrics;
        _logger = loggers.CreateLogger("Hybrid.DeadLetters");
        _topic = kafka.Topics.DeadLetters;
        _source = kafka.Topics.Deltas;
        _lane = Encoding.UTF8.GetBytes(lane);
        _producer = new(() => kafka.CreateProducer());
    }

    /// <summary>Writes one dead letter; done when Kafka has acknowledged it.</summary>
    /// <param name="partition">The partition of the record.</param>
    /// <param name="offset">Its offset.</param>
    /// <param name="record">The record.</param>
    /// <param name="errorClass">One of <see cref="ErrorClasses"/>.</param>
    /// <param name="error">The error in one line.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="HybridException">Kafka did not acknowledge it.</exception>
    public Task WriteAsync(
        int partition, long offset, Message<byte[], byte[]> record, string errorClass, string error, CancellationToken cancellationToken) =>
        WriteAsync(partition, offset, record, errorClass, error, "", cancellationToken);

    private async Task WriteAsync(
        int partition, long offset, Message<byte[], byte[]> record, string errorClass, string error, string batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        var place = $"{_source}[{partition}]@{offset}";
        error = Shorten(error);
        var headers = new Headers();
        foreach (var header in record.Headers ?? [])
        {
            headers.Add(header.Key, header.GetValueBytes());
        }

        headers.Add(RecordHeaders.DeadLetterLane, _lane);
        headers.Add(RecordHeaders.DeadLetterRecord, Encoding.UTF8.GetBytes(place));
        headers.Add(RecordHeaders.DeadLetterErrorClass, Encoding.UTF8.GetBytes(errorClass));
        headers.Add(RecordHeaders.DeadLetterError, Encoding.UTF8.GetBytes(error));
        if (batch.Length > 0)
        {
            headers.Add(RecordHeaders.DeadLetterBatch, Encoding.UTF8.GetBytes(batch));
        }

        try
        {
            await _producer.Value.ProduceAsync(
                _topic,
                new Message<byte[], byte[]> { Key = record.Key, Value = record.Value, Headers = headers },
                cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException failure)
        {
            throw HybridException.Unreachable(
                $"Kafka does not take the dead letter of {place} ({failure.Error.Reason}): the lane stops before it, nothing is lost; start it again when Kafka is well",
                failure);
        }

        _metrics.DeadLetters.Add(1);
        var written = Interlocked.Increment(ref _written);
        if (written <= LoggedInFull)
        {
            LogDeadLetter(place, errorClass, error);
        }

        if (written == LoggedInFull)
        {
            LogNoMore(_topic);
        }
    }

    /// <inheritdoc/>
    public Task RefuseAsync(LaneRecord record, string error, CancellationToken cancellationToken) => RefuseAsync(record, "", error, cancellationToken);

    /// <inheritdoc/>
    public Task RefuseAsync(LaneRecord record, string batch, string error, CancellationToken cancellationToken) =>
        WriteAsync(record.Partition, record.Offset, record.Message, ErrorClasses.RefusedDocument, error, batch, cancellationToken);

    /// <inheritdoc/>
    public Task RefuseAsync(DocumentSignals state, SignalsCause cause, string error, CancellationToken cancellationToken) =>
        RefuseAsync(state, cause, "", error, cancellationToken);

    /// <inheritdoc/>
    public Task RefuseAsync(DocumentSignals state, SignalsCause cause, string batch, string error, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(cause);
        var message = new Message<byte[], byte[]>
        {
            Key = Encoding.UTF8.GetBytes(state.DocumentId),
            Value = JsonSerializer.SerializeToUtf8Bytes(state),
        };
        return WriteAsync(cause.Partition, cause.Offset, message, ErrorClasses.RefusedDocument, error, batch, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_producer.IsValueCreated)
        {
            _producer.Value.Dispose();
        }
    }

    // Solr quotes the value first and says what is wrong with it last.
    private static string Shorten(string error) =>
        error.Length <= LongestError ? error : $"{error.AsSpan(0, LongestError / 4)} ... {error.AsSpan(error.Length - (LongestError / 2))}";

    [LoggerMessage(EventId = 320, Level = LogLevel.Warning, Message = "Dead letter {Place} ({Class}): {Error}")]
    private partial void LogDeadLetter(string place, string @class, string error);

    [LoggerMessage(EventId = 321, Level = LogLevel.Warning, Message = "Further dead letters are counted and not logged: read them in {Topic}")]
    private partial void LogNoMore(string topic);
}
