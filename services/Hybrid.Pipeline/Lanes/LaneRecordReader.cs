using Confluent.Kafka;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Avro;

namespace Hybrid.Pipeline.Lanes;

/// <summary>Tells deltas, control records and poison apart. Not for concurrent use, since decoders are not.</summary>
/// <param name="decoder">Decodes values.</param>
public sealed class LaneRecordReader(IDeltaDecoder decoder)
{
    // Records of one partition come one after the other, so its name is checked once.
    private string? _partition;
    private Headers? _timed;
    private long? _closed;

    /// <summary>
    /// Finds an upsert or a delete in a value without making an object of it, where that can be; where it cannot, <see cref="ReadAsync"/> tells
    /// what the record is.
    /// </summary>
    /// <param name="value">The record's value.</param>
    /// <param name="headers">The record's headers; a time that was read in the same ones is not read again.</param>
    /// <param name="update">The part of the value that is the delta.</param>
    /// <param name="closedMilliseconds">When its partition was due to close, wall time in milliseconds since 1970-01-01T00:00:00Z; null when not known.</param>
    public bool TryFindUpdate(ReadOnlyMemory<byte> value, Headers? headers, out EncodedDelta update, out long? closedMilliseconds)
    {
        if (!decoder.TryFindUpdate(value, out update))
        {
            closedMilliseconds = null;
            return false;
        }

        if (!ReferenceEquals(headers, _timed))
        {
            (_timed, _closed) = (headers, RecordTimes.Read(headers, RecordHeaders.Closed));
        }

        closedMilliseconds = _closed;
        return true;
    }

    /// <summary>Reads one record; completes at once when the writer's schema is known.</summary>
    /// <param name="value">The record's value.</param>
    /// <param name="headers">The record's headers.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Hosting.HybridException">The registry cannot be reached.</exception>
    public ValueTask<LaneStep> ReadAsync(byte[]? value, Headers? headers, CancellationToken cancellationToken)
    {
        if (value is null)
        {
            return new(RecordTimes.Read(headers, RecordHeaders.Watermark) switch
            {
                null => Poison("no value, and no watermark either"),
                { } watermark when watermark < 0 || watermark >= SignalsVersion.EndOfTime.ToUnixTimeMilliseconds() =>
                    Poison($"the watermark {watermark} ms is outside 1970 to 2242"),
                { } watermark => new LaneStep(LaneStepKind.Watermark, null, RecordTimes.Read(headers, RecordHeaders.Closed), watermark, null),
            });
        }

        var closed = RecordTimes.Read(headers, RecordHeaders.Closed);
        try
        {
            var decoding = decoder.DecodeAsync(value, cancellationToken);
            return decoding.IsCompletedSuccessfully ? new(Step(decoding.Result, closed)) : FinishAsync(decoding, closed);
        }
        catch (DeltaFormatException poison)
        {
            return new(Poison(poison.Message));
        }
    }

    private async ValueTask<LaneStep> FinishAsync(ValueTask<CatalogDelta> decoding, long? closed)
    {
        try
        {
            return Step(await decoding.ConfigureAwait(false), closed);
        }
        catch (DeltaFormatException poison)
        {
            return Poison(poison.Message);
        }
    }

    private LaneStep Step(CatalogDelta delta, long? closed) => delta switch
    {
        { DocumentId.Length: 0 } => Poison("the delta has no document id"),
        { Kind: DeltaKind.Signal } when !IsPartition(delta.Partition) => Poison("the signal's partition is none"),
        { Kind: DeltaKind.Signal } => new LaneStep(LaneStepKind.Signal, delta, closed, 0, null),
        _ => new LaneStep(LaneStepKind.Attributes, delta, closed, 0, null),
    };

    private bool IsPartition(string name)
    {
        if (name != _partition)
        {
            if (!PartitionId.TryParseStart(name, out _))
            {
                return false;
            }

            _partition = name;
        }

        return true;
    }

    private static LaneStep Poison(string error) => new(LaneStepKind.Poison, null, null, 0, error);
}
