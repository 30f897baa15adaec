using Hybrid.Contracts.Lanes;
using Hybrid.Pipeline.Lanes;

namespace Hybrid.Lanes.MicroBatch;

/// <summary>A batch that was given to the writer.</summary>
/// <param name="Batch">What it holds.</param>
/// <param name="Trigger">Why it was written.</param>
/// <param name="First">When its first record was taken, by the time provider's timestamp.</param>
/// <param name="At">When it was given to the writer, likewise.</param>
/// <param name="Wall">The same, wall time.</param>
/// <param name="Upstream">How old its records were when they were taken, on average.</param>
internal readonly record struct SealedBatch(RecordBatch Batch, BatchTrigger Trigger, long First, long At, DateTimeOffset Wall, TimeSpan Upstream)
{
    /// <summary>What the commit log is to tell of it once it is acknowledged.</summary>
    /// <param name="lane">The lane's name.</param>
    /// <param name="retries">Requests that were tried again for it.</param>
    /// <param name="acknowledged">When, wall time.</param>
    public BatchCommit ToCommit(string lane, long retries, DateTimeOffset acknowledged)
    {
        var ranges = BatchId.Ranges(Batch.Places);
        return new BatchCommit
        {
            Lane = lane,
            Batch = BatchId.Of(ranges),
            Ranges = ranges,
            Trigger = TriggerName(Trigger),
            Records = Batch.Count,
            Documents = Batch.Documents,
            Signals = Batch.States.Count,
            Refused = Batch.Refused,
            Retries = retries,
            Bytes = Batch.Bytes,
            SealedAt = Wall,
            AcknowledgedAt = acknowledged,
        };
    }

    private static string TriggerName(BatchTrigger trigger) => trigger switch
    {
        BatchTrigger.Interval => "interval",
        BatchTrigger.Records => "records",
        BatchTrigger.Bytes => "bytes",
        BatchTrigger.AvailableNow => "available-now",
        _ => "drain",
    };
}
