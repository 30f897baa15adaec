using Confluent.Kafka;
using Hybrid.Contracts.Measurement;
using Hybrid.Pipeline.Measurement;

namespace Hybrid.Lanes.Consuming;

/// <summary>Says now and then how far the lane is: in flight, lag, watermark. Belongs to the consuming thread.</summary>
internal sealed class LaneGauges(
    HybridMetrics metrics, IConsumer<byte[], byte[]> consumer, Assignment assignment, InFlightGate gate, Backpressure backpressure, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan QueryTimeout = TimeSpan.FromSeconds(1);

    private readonly Dictionary<TopicPartition, long?> _ends = [];
    private long _setAt;

    public void SetWhenDue()
    {
        if (time.GetElapsedTime(_setAt) >= Interval)
        {
            Set();
        }
    }

    public void Set()
    {
        _setAt = time.GetTimestamp();
        metrics.SetGauge(Instruments.InFlight, gate.Records, "{record}");
        metrics.SetGauge(Instruments.InFlightBytes, gate.Bytes, "By");
        _ends.Clear();
        foreach (var id in assignment.Ids)
        {
            _ends[id] = EndOf(id);
        }

        if (assignment.Lag(_ends.GetValueOrDefault) is { } lag)
        {
            metrics.SetGauge(Instruments.LagRecords, lag, "{record}");
            var oldest = lag == 0 ? null : assignment.OldestUnacknowledged(_ends.GetValueOrDefault);
            metrics.SetGauge(Instruments.LagSeconds, oldest is { } written ? Math.Max(0, (Now() - written) / 1000.0) : 0, "s");
        }

        if (assignment.Watermark() is { } watermark)
        {
            metrics.SetGauge(Instruments.LaneWatermark, watermark / 1000.0, "s");
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    // What the last fetch said; paused partitions are not fetched, so they ask.
    private long? EndOf(TopicPartition id)
    {
        try
        {
            var end = backpressure.IsPaused ? consumer.QueryWatermarkOffsets(id, QueryTimeout).High : consumer.GetWatermarkOffsets(id).High;
            return end.IsSpecial ? null : end.Value;
        }
        catch (KafkaException)
        {
            return null;
        }
    }
}
