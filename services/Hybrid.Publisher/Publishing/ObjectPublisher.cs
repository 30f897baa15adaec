using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
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
internal sealed class ObjectPublisher(IDeltaEncoder encoder, string source, string deltas, string deadLetters, FormatSettings formats)
{
    private const int BatchesAhead = 4;

    private readonly TopicPartition _deltas = new(deltas, Partition.Any);
    private readonly TopicPartition _deadLetters = new(deadLetters, Partition.Any);
    private readonly Message<byte[], byte[]> _message = new();
    private readonly ExactArrays _keys = new();
    private readonly ExactArrays _values = new();
    private readonly ConcurrentBag<EncodedLines> _free = [];

    /// <summary>Sends an object's lines, a few at a time: what is handed out is sent.</summary>
    /// <param name="producer">Within a transaction; the caller may commit it and begin another one each time it is handed lines.</param>
    /// <param name="content">The object.</param>
    /// <param name="place">What is to be sent of it, and as what.</param>
    /// <param name="sending">Told before lines are sent, which may then fail in their middle.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">The object store's connection broke.</exception>
    public async IAsyncEnumerable<SentLines> SendAsync(
        TransactionalProducer producer,
        ObjectContent content,
        ObjectPlace place,
        Action sending,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _message.Headers = new Headers
        {
            { RecordHeaders.Closed, Milliseconds(place.Closed) },
            { RecordHeaders.Landed, Milliseconds(content.Entry.LastModified) },
        };
        HybridTracing.Inject(Activity.Current, _message.Headers);
        var ahead = Channel.CreateBounded<EncodedLines>(new BoundedChannelOptions(BatchesAhead) { SingleReader = true, SingleWriter = true });
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var encoding = new ObjectEncoder(encoder, content, formats, place, _free);
        var reading = Task.Run(() => encoding.RunAsync(ahead.Writer, giveUp.Token), CancellationToken.None);
        try
        {
            var last = place.AfterLine;
            await foreach (var batch in ahead.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                sending();
                var sent = await SendAsync(producer, batch, content.Entry, place, cancellationToken).ConfigureAwait(false);
                last = batch.Count > 0 ? batch[batch.Count - 1].Number : last;
                var isLast = batch.IsLast;
                Recycle(batch);
                yield return sent with { LastLine = last, IsLast = isLast };
            }
        }
        finally
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }
    }

    private async Task<SentLines> SendAsync(
        TransactionalProducer producer, EncodedLines batch, ObjectEntry entry, ObjectPlace place, CancellationToken cancellationToken)
    {
        var (records, bytes, errors) = (0L, 0L, 0L);
        LineError? example = null;
        CorruptObjectException? damage = null;
        for (var i = 0; i < batch.Count; i++)
        {
            var line = batch[i];
            var error = line.Error;
            if (error is null)
            {
                _message.Key = _keys.Copy(batch.KeyOf(line));
                _message.Value = _values.Copy(batch.ValueOf(line));
                if (await producer.SendAsync(_deltas, _message, cancellationToken).ConfigureAwait(false))
                {
                    records++;
                    bytes += line.ValueLength;
                    continue;
                }

                error = new LineError(ErrorClasses.RecordTooLarge, $"the record of a line of {line.Length} bytes is larger than Kafka's message.max.bytes");
            }

            if (error.Class != ErrorClasses.ReplacedSignal)
            {
                errors++;
                example = error;
            }

            damage ??= line.Damage;
            bytes += line.Original.Length;
            var letter = new DeadLetter(line.Original, error.Class, error.Message)
            {
                Source = source,
                Partition = place.Partition,
                Generation = place.Generation,
                ObjectKey = entry.Key,
                ETag = entry.ETag,
                Line = line.Number,
                Column = error.Column,
                CsvHeader = line.Damage is null ? batch.CsvHeader : default,
                OriginalLength = line.Length > line.Original.Length ? line.Length : null,
            };
            await producer.SendAsync(_deadLetters, letter.ToMessage(), cancellationToken).ConfigureAwait(false);
        }

        return new SentLines { Lines = batch.Count, Records = records, Bytes = bytes, Errors = errors, Example = example, Damage = damage };
    }

    private void Recycle(EncodedLines batch)
    {
        if (batch.IsReusable)
        {
            batch.Clear();
            _free.Add(batch);
        }
    }

    internal static byte[] Milliseconds(DateTimeOffset time)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.ToUnixTimeMilliseconds());
        return bytes;
    }
}

/// <summary>What is to be sent of an object, and as what.</summary>
/// <param name="Partition">The partition's name.</param>
/// <param name="Closed">When the partition was due to close, wall time.</param>
/// <param name="Generation">How often the object was replaced under its key.</param>
/// <param name="AfterLine">The last line that is published already; 0 for none.</param>
internal readonly record struct ObjectPlace(string Partition, DateTimeOffset Closed, int Generation, long AfterLine);

/// <summary>Lines of an object that were sent. What did not become a record became a dead letter.</summary>
internal readonly record struct SentLines
{
    /// <summary>Lines read; damage counts as one.</summary>
    public long Lines { get; init; }

    /// <summary>Records sent.</summary>
    public long Records { get; init; }

    /// <summary>Bytes of the records' and dead letters' values.</summary>
    public long Bytes { get; init; }

    /// <summary>Bad lines: dead letters but for the signals of a replaced object, which are none of the source's fault.</summary>
    public long Errors { get; init; }

    /// <summary>One of the errors, if there was one.</summary>
    public LineError? Example { get; init; }

    /// <summary>What was wrong with the object, if anything.</summary>
    public CorruptObjectException? Damage { get; init; }

    /// <summary>The number of the last of these lines, from 1.</summary>
    public long LastLine { get; init; }

    /// <summary>Whether the object ends with these lines.</summary>
    public bool IsLast { get; init; }
}
