using System.Collections.Concurrent;
using System.Threading.Channels;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Lines;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Publisher.Publishing;

/// <summary>Reads, parses and encodes the lines of one object.</summary>
internal sealed class ObjectEncoder(
    IDeltaEncoder encoder, ObjectContent content, FormatSettings formats, ObjectPlace place, ConcurrentBag<EncodedLines> free)
{
    /// <summary>Past this a record may be too large for Kafka, and its line is kept for the dead letter.</summary>
    private const int PerhapsTooLarge = 512 * 1024;

    /// <summary>Null for an object that replaced another one, whose signals are none: what a line is has to be known then.</summary>
    private readonly ILineEncoder? _direct = place.Generation == 0 ? encoder as ILineEncoder : null;

    /// <summary>Hands the lines over in their order and completes the channel, with the failure if there is one.</summary>
    public async Task RunAsync(ChannelWriter<EncodedLines> ahead, CancellationToken cancellationToken)
    {
        try
        {
            await EncodeAsync(ahead, cancellationToken).ConfigureAwait(false);
            ahead.Complete();
        }
        catch (Exception failure)
        {
            ahead.Complete(failure);
        }
    }

    private async Task EncodeAsync(ChannelWriter<EncodedLines> ahead, CancellationToken cancellationToken)
    {
        await using var reader = new ObjectRecordReader(content.Body, content.Entry.Key, place.Partition, place.Generation, formats);
        var batch = Next();
        try
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                if (reader.LineNumber <= place.AfterLine)
                {
                    continue;
                }

                batch.CsvHeader = reader.CsvHeader;
                Encode(reader, batch);
                if (batch.IsFull)
                {
                    await ahead.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
                    batch = Next();
                }
            }
        }
        catch (CorruptObjectException damage)
        {
            batch.Add(new EncodedLine { Number = damage.Line, Error = new LineError(ErrorClasses.CorruptObject, damage.Message), Damage = damage });
        }

        batch.IsLast = true;
        await ahead.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
    }

    private EncodedLines Next() => free.TryTake(out var used) ? used : new EncodedLines();

    private void Encode(ObjectRecordReader reader, EncodedLines batch)
    {
        var start = batch.ValueStart;
        if (_direct is null || !reader.TryEncode(_direct, batch.Values))
        {
            var (delta, error) = Parse(reader);
            if (delta is null)
            {
                batch.Add(new EncodedLine { Number = reader.LineNumber, Length = reader.LineLength, Original = reader.Line.ToArray(), Error = error });
                return;
            }

            encoder.Encode(delta, batch.Values);
        }

        var length = batch.ValueStart - start;
        batch.Add(new EncodedLine
        {
            Number = reader.LineNumber,
            Length = reader.LineLength,
            ValueStart = start,
            ValueLength = length,
            Original = length > PerhapsTooLarge ? reader.Line.ToArray() : ReadOnlyMemory<byte>.Empty,
        });
    }

    private (CatalogDelta? Delta, LineError? Error) Parse(ObjectRecordReader reader)
    {
        if (!reader.TryParse(out var delta, out var error))
        {
            return (null, error);
        }

        return place.Generation > 0 && delta.Kind == DeltaKind.Signal
            ? (null, new LineError(ErrorClasses.ReplacedSignal, "a signal of an object that replaced an earlier one: a sum cannot be taken back"))
            : (delta, null);
    }
}
