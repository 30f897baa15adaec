using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Confluent.Kafka;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Lines;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Publisher.Publishing;

/// <summary>Turns the lines of an object into records and dead letters. Buffers and headers are shared; not for concurrent use.</summary>
internal sealed class ObjectPublisher(IDeltaEncoder encoder, TopicNames topics, int maxLineBytes)
{
    private readonly TopicPartition _deltas = new(topics.Deltas, Partition.Any);
    private readonly TopicPartition _deadLetters = new(topics.DeadLetters, Partition.Any);
    private readonly ArrayBufferWriter<byte> _value = new(4 * 1024);
    private readonly Message<byte[], byte[]> _message = new();

    /// <summary>Sends an object's lines.</summary>
    /// <param name="producer">Within a transaction.</param>
    /// <param name="content">The object.</param>
    /// <param name="partition">The partition's name.</param>
    /// <param name="closed">When the partition was due to close, wall time.</param>
    /// <param name="generation">How often the object was replaced under its key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many lines were read and how many of them became records; the others became dead letters.</returns>
    /// <exception cref="IOException">The object store's connection broke.</exception>
    public async Task<ObjectOutcome> SendAsync(
        TransactionalProducer producer, ObjectContent content, string partition, DateTimeOffset closed, int generation, CancellationToken cancellationToken)
    {
        var entry = content.Entry;
        var ordinal = DeltaVersion.ObjectOrdinal(entry.Key);
        _message.Headers = new Headers
        {
            { RecordHeaders.Closed, Milliseconds(closed) },
            { RecordHeaders.Landed, Milliseconds(entry.LastModified) },
        };
        long lines = 0, records = 0;
        await using var reader = new ObjectLineReader(content.Body, entry.Key, maxLineBytes);
        try
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var position = new SourcePosition(partition, generation, ordinal, reader.LineNumber);
                var (delta, error) = Read(reader, position);
                if (delta is not null && !await SendAsync(producer, delta, cancellationToken).ConfigureAwait(false))
                {
                    error = new LineError(ErrorClasses.RecordTooLarge, $"the record of a line of {reader.LineLength} bytes is larger than Kafka's message.max.bytes");
                }

                lines++;
                if (error is null)
                {
                    records++;
                    continue;
                }

                var letter = new DeadLetter(reader.Line, error.Class, error.Message)
                {
                    ObjectKey = entry.Key,
                    ETag = entry.ETag,
                    Line = reader.LineNumber,
                    OriginalLength = reader.IsTooLong ? reader.LineLength : null,
                };
                await producer.SendAsync(_deadLetters, letter.ToMessage(), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (CorruptObjectException damage)
        {
            lines++;
            var letter = new DeadLetter(ReadOnlyMemory<byte>.Empty, ErrorClasses.CorruptObject, damage.Message)
            {
                ObjectKey = entry.Key,
                ETag = entry.ETag,
                Line = damage.Line,
            };
            await producer.SendAsync(_deadLetters, letter.ToMessage(), cancellationToken).ConfigureAwait(false);
            return new ObjectOutcome(lines, records, damage);
        }

        return new ObjectOutcome(lines, records, null);
    }

    private static (CatalogDelta? Delta, LineError? Error) Read(ObjectLineReader reader, in SourcePosition position)
    {
        if (reader.IsTooLong)
        {
            return (null, new LineError(ErrorClasses.LineTooLong, $"the line of {reader.LineLength} bytes is longer than Publisher:MaxLineBytes"));
        }

        if (!SourceLineParser.TryParse(reader.Line.Span, position, out var delta, out var error))
        {
            return (null, error);
        }

        return position.Generation > 0 && delta.Kind == DeltaKind.Signal
            ? (null, new LineError(ErrorClasses.ReplacedSignal, "a signal of an object that replaced an earlier one: a sum cannot be taken back"))
            : (delta, null);
    }

    private ValueTask<bool> SendAsync(TransactionalProducer producer, CatalogDelta delta, CancellationToken cancellationToken)
    {
        _value.ResetWrittenCount();
        encoder.Encode(delta, _value);
        _message.Key = Encoding.UTF8.GetBytes(delta.DocumentId);
        _message.Value = _value.WrittenSpan.ToArray();
        return producer.SendAsync(_deltas, _message, cancellationToken);
    }

    internal static byte[] Milliseconds(DateTimeOffset time)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.ToUnixTimeMilliseconds());
        return bytes;
    }
}

/// <summary>What became of an object's lines. What did not become a record became a dead letter.</summary>
/// <param name="Lines">Lines read; damage counts as one.</param>
/// <param name="Records">Records sent.</param>
/// <param name="Damage">What was wrong with the object, if anything.</param>
internal sealed record ObjectOutcome(long Lines, long Records, CorruptObjectException? Damage);
