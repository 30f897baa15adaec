using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Measurement;

namespace Hybrid.Lanes.Consuming;

/// <summary>Takes what writing has come to back to the offsets that it covers, and measures it. Belongs to the consuming thread.</summary>
internal sealed class Acknowledgements(
    LaneOutcomes outcomes, Assignment assignment, InFlightGate gate, ILaneSink sink, HybridMetrics metrics, TimeProvider time)
{
    /// <summary>Takes all outcomes that are there.</summary>
    public void Take()
    {
        while (outcomes.TryTake(out var outcome))
        {
            if (outcome.Batch is { } batch)
            {
                Take(batch);
                continue;
            }

            gate.Leave(1, outcome.Bytes);
            assignment.Acknowledge(outcome.Partition, outcome.Holding, outcome.Offset);
        }
    }

    private void Take(RecordBatch batch)
    {
        gate.Leave(batch.Items, batch.Bytes);
        var now = time.GetTimestamp();
        var first = now;
        var (taken, records) = (now, 0L);
        foreach (ref readonly var record in batch.AsSpan())
        {
            assignment.Acknowledge(record.Partition, record.Holding, record.Offset);
            if (record.Taken != taken)
            {
                metrics.RecordLatency.Record(time.GetElapsedTime(taken, now).TotalSeconds, records);
                (taken, records) = (record.Taken, 0);
            }

            records++;
            first = Math.Min(first, record.Taken);
        }

        metrics.RecordLatency.Record(time.GetElapsedTime(taken, now).TotalSeconds, records);

        foreach (var update in batch.Updates)
        {
            if (update.Cause.Complete())
            {
                assignment.Acknowledge(update.Cause.Partition, update.Cause.Holding, update.Cause.Offset);
            }

            first = Math.Min(first, update.Cause.Taken);
        }

        metrics.BatchSize.Record(batch.Items);
        metrics.BatchLatency.Record(time.GetElapsedTime(first, now).TotalSeconds);
        sink.Recycle(batch);
    }
}
