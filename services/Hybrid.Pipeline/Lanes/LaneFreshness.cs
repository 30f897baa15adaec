using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Measurement;

namespace Hybrid.Pipeline.Lanes;

/// <summary>Records the stages of freshness that a lane passes, from the time the record's partition was due to close. Safe for concurrent calls.</summary>
/// <param name="metrics">Where they are recorded.</param>
/// <param name="clock">Wall time, and which partitions are measured.</param>
public sealed class LaneFreshness(HybridMetrics metrics, EventClock clock)
{
    /// <summary>Records were taken from Kafka.</summary>
    /// <param name="closedMilliseconds">When their partition was due to close; null is not recorded.</param>
    /// <param name="records">How many of them.</param>
    public void Consumed(long? closedMilliseconds, int records = 1) => Record(metrics.FreshnessConsumed, closedMilliseconds, records, Now());

    /// <summary>A document is posted to Solr, for the first time.</summary>
    /// <param name="closedMilliseconds">When its partition was due to close; nulls are not recorded.</param>
    public void Posted(ReadOnlySpan<long?> closedMilliseconds) => RecordAll(metrics.FreshnessPosted, closedMilliseconds);

    /// <summary>Solr has acknowledged a document.</summary>
    /// <param name="closedMilliseconds">When its partition was due to close; nulls are not recorded.</param>
    public void Acknowledged(ReadOnlySpan<long?> closedMilliseconds) => RecordAll(metrics.FreshnessAcknowledged, closedMilliseconds);

    private void Record(StageHistogram stage, long? closed, int count, double now)
    {
        if (closed is { } due && clock.IsMeasured(due))
        {
            stage.Record((now - due) / 1000, count);
        }
    }

    // Records of one source partition come one after the other and were due together.
    private void RecordAll(StageHistogram stage, ReadOnlySpan<long?> closed)
    {
        var now = Now();
        for (int start = 0, end; start < closed.Length; start = end)
        {
            end = start + 1;
            while (end < closed.Length && closed[end] == closed[start])
            {
                end++;
            }

            Record(stage, closed[start], end - start, now);
        }
    }

    private double Now() => (clock.WallNow - DateTimeOffset.UnixEpoch).TotalMilliseconds;
}
