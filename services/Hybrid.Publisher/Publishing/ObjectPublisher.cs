using System.Buffers.Binary;
using System.Diagnostics;
using System.Threading.Channels;
using Confluent.Kafka;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Lines;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Publisher.Publishing;

/// <summary>
/// Turns the lines of an object into records and dead letters, in their order. One task reads, parses and encodes ahead by a few
/// bounded batches while the other hands over to the producer. Not for concurrent use.
/// </summary>
internal sealed class ObjectPublisher(IDeltaEncoder encoder, TopicNames topics, FormatSettings formats)
{
    private const int BatchesAhead = 4;

    private readonly TopicPartition _deltas = new(topics.Deltas, Partition.Any);
    private readonly TopicPartition _deadLetters = new(topics.DeadLetters, Partition.Any);
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
        _message.Headers = new Headers
        {
            { RecordHeaders.Closed, Milliseconds(closed) },
            { RecordHeaders.Landed, Milliseconds(content.Entry.LastModified) },
        };
        HybridTracing.Inject(Activity.Current, _message.Headers);
        var ahead = Channel.CreateBounded<EncodedLines>(new BoundedChannelOptions(BatchesAhead) { SingleReader = true, SingleWriter = true });
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var encoding = new ObjectEncoder(encoder, content, formats, partition, generation);
        var reading = Task.Run(() => encoding.RunAsync(ahead.Writer, giveUp.Token), CancellationToken.None);
        try
        {
            var outcome = new ObjectOutcome(0, 0, null);
            await foreach (var batch in ahead.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                outcome = await SendAsync(producer, batch, content.Entry, outcome, cancellationToken).ConfigureAwait(false);
            }

            return outcome;
        }
        finally
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }
    }

    private async Task<ObjectOutcome> SendAsync(
        TransactionalProducer producer, EncodedLines batch, ObjectEntry entry, ObjectOutcome outcome, CancellationToken cancellationToken)
    {
        var (lines, records, damage) = outcome;
        foreach (var line in batch.Lines)
        {
            lines++;
            var error = line.Error;
            if (error is null)
            {
                _message.Key = line.Key;
                _message.Value = line.Value;
                if (await producer.SendAsync(_deltas, _message, cancellationToken).ConfigureAwait(false))
                {
                    records++;
                    continue;
                }

                error = new LineError(ErrorClasses.RecordTooLarge, $"the record of a line of {line.Length} bytes is larger than Kafka's message.max.bytes");
            }

            damage ??= line.Damage;
            var letter = new DeadLetter(line.Original, error.Class, error.Message)
            {
                ObjectKey = entry.Key,
                ETag = entry.ETag,
                Line = line.Number,
                Column = error.Column,
                OriginalLength = line.Length > line.Original.Length ? line.Length : null,
            };
            await producer.SendAsync(_deadLetters, letter.ToMessage(), cancellationToken).ConfigureAwait(false);
        }

        return new ObjectOutcome(lines, records, damage);
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
