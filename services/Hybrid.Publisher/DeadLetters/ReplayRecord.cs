using System.Buffers;
using System.Text;
using Confluent.Kafka;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Publisher.DeadLetters;

/// <summary>What a dead letter becomes: a record for the deltas, or why it stays dead.</summary>
/// <param name="Message">The record; null when there is none.</param>
/// <param name="DocumentId">Its document.</param>
/// <param name="Error">Why there is none.</param>
internal sealed record ReplayRecord(Message<byte[], byte[]>? Message, string DocumentId, LineError? Error)
{
    public static ReplayRecord StaysDead(LineError error) => new(null, "", error);
}

/// <summary>
/// Turns dead letters into records. A line of an object goes the way that it would have gone in the publisher: it is read as its object's format
/// says, gets the version of its place and event time, and is encoded; so publishing it again cannot overtake what is newer. A lane's dead letter is a record already.
/// </summary>
/// <param name="encoder">Prepared.</param>
/// <param name="decoder">Prepared.</param>
/// <param name="parser">Reads the lines.</param>
/// <param name="layout">Tells the partition of letters that do not tell it themselves.</param>
internal sealed class ReplayRecords(IDeltaEncoder encoder, IDeltaDecoder decoder, LetterParser parser, PartitionLayout layout)
{
    private static readonly HashSet<string> Annotations =
    [
        RecordHeaders.DeadLetterLane, RecordHeaders.DeadLetterRecord, RecordHeaders.DeadLetterErrorClass, RecordHeaders.DeadLetterError,
    ];

    private readonly ArrayBufferWriter<byte> _value = new(4 * 1024);

    /// <summary>Makes the record of a letter.</summary>
    /// <param name="letter">The letter.</param>
    /// <param name="corrected">The operator's bytes, see <see cref="LetterParser"/>; null for the original ones.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Pipeline.Hosting.HybridException">The registry cannot be reached.</exception>
    public async ValueTask<ReplayRecord> CreateAsync(StoredLetter letter, byte[]? corrected, CancellationToken cancellationToken)
    {
        if (letter.Lane is not null)
        {
            return corrected is null
                ? await OfLaneAsync(letter, cancellationToken).ConfigureAwait(false)
                : ReplayRecord.StaysDead(new LineError(letter.ErrorClass, "a lane's dead letter is published again as it is: correct its object instead"));
        }

        return await OfLineAsync(letter, corrected, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ReplayRecord> OfLineAsync(StoredLetter letter, byte[]? corrected, CancellationToken cancellationToken)
    {
        if (letter.ErrorClass == ErrorClasses.CorruptObject)
        {
            return ReplayRecord.StaysDead(new LineError(letter.ErrorClass, "it stands for the damaged rest of its object: put the object again, whole"));
        }

        if (corrected is null && letter.OriginalLength is { } length)
        {
            return ReplayRecord.StaysDead(new LineError(letter.ErrorClass, $"only {letter.Content.Length} of its {length} bytes were kept: give the whole line with --corrected"));
        }

        if (letter is not { ObjectKey: { } key, Line: { } line } || PartitionOf(letter) is not { } partition)
        {
            return ReplayRecord.StaysDead(new LineError(letter.ErrorClass, "it does not tell its object, line and partition: write the line into a new object"));
        }

        var position = new SourcePosition(partition, letter.Generation, DeltaVersion.ObjectOrdinal(key), line);
        var (delta, error) = await parser.ParseAsync(letter, corrected, position, cancellationToken).ConfigureAwait(false);
        if (delta is null)
        {
            return ReplayRecord.StaysDead(error!);
        }

        if (letter.Generation > 0 && delta.Kind == DeltaKind.Signal)
        {
            return ReplayRecord.StaysDead(new LineError(ErrorClasses.ReplacedSignal, "a signal of an object that replaced an earlier one: a sum cannot be taken back"));
        }

        _value.ResetWrittenCount();
        encoder.Encode(delta, _value);
        return new ReplayRecord(
            new Message<byte[], byte[]>
            {
                Key = Encoding.UTF8.GetBytes(delta.DocumentId),
                Value = _value.WrittenSpan.ToArray(),
                Headers = [],
            },
            delta.DocumentId,
            null);
    }

    private async ValueTask<ReplayRecord> OfLaneAsync(StoredLetter letter, CancellationToken cancellationToken)
    {
        try
        {
            var delta = await decoder.DecodeAsync(letter.Content, cancellationToken).ConfigureAwait(false);
            var headers = new Headers();
            foreach (var header in letter.Message.Headers.Where(header => !Annotations.Contains(header.Key)))
            {
                headers.Add(header.Key, header.GetValueBytes());
            }

            return new ReplayRecord(new Message<byte[], byte[]> { Key = letter.Message.Key, Value = letter.Content, Headers = headers }, delta.DocumentId, null);
        }
        catch (DeltaFormatException unreadable)
        {
            return ReplayRecord.StaysDead(new LineError(ErrorClasses.UnreadableRecord, unreadable.Message));
        }
    }

    private string? PartitionOf(StoredLetter letter) =>
        letter.Partition ?? (layout.TryParse(letter.ObjectKey!, out var partition) ? partition.Name : null);
}
