using Confluent.Kafka;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Avro;

namespace Hybrid.Pipeline.Lanes;

/// <summary>Tells deltas, control records and poison apart. Not for concurrent use, since decoders are not.</summary>
/// <param name="decoder">Decodes values.</param>
public sealed class LaneRecordReader(IDeltaDecoder decoder)
{
    /// <summary>Reads one record; completes at once when the writer's schema is known.</summary>
    /// <param name="value">The record's value.</param>
    /// <param name="headers">The record's headers.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Hosting.HybridException">The registry cannot be reached.</exception>
    public ValueTask<LaneStep> ReadAsync(byte[]? value, Headers? headers, CancellationToken cancellationToken)
    {
        if (value is null)
        {
            return new(RecordTimes.Read(headers, RecordHeaders.Watermark) is { } watermark
                ? new LaneStep(LaneStepKind.Watermark, null, null, watermark, null)
                : Poison("no value, and no watermark either"));
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

    private static async ValueTask<LaneStep> FinishAsync(ValueTask<CatalogDelta> decoding, long? closed)
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

    private static LaneStep Step(CatalogDelta delta, long? closed) => delta switch
    {
        { DocumentId.Length: 0 } => Poison("the delta has no document id"),
        { Kind: DeltaKind.Signal } => new LaneStep(LaneStepKind.Signal, delta, closed, 0, null),
        _ => new LaneStep(LaneStepKind.Attributes, delta, closed, 0, null),
    };

    private static LaneStep Poison(string error) => new(LaneStepKind.Poison, null, null, 0, error);
}
