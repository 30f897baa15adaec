using Confluent.Kafka;
using Hybrid.Contracts.Measurement;
using Hybrid.Pipeline.Measurement;

namespace Hybrid.Streamiz;

/// <summary>
/// How far the stream has come in each partition of the deltas topic, for the gauges: taken from Kafka, processed, and settled, which is
/// processed and acknowledged by Solr. Transaction markers count as settled with the record before them, since no record says so.
/// </summary>
internal sealed class StreamPositions(HybridMetrics metrics, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Position> _positions = [];

    /// <summary>A record was taken.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">The offset.</param>
    /// <param name="written">When it was written to the topic, Unix milliseconds.</param>
    public void NoteTaken(int partition, long offset, long written)
    {
        lock (_gate)
        {
            var position = Of(partition);
            position.First ??= offset;
            position.Taken = offset + 1;
            position.LastWritten = written;
            position.OldestOpen ??= written;
        }
    }

    /// <summary>Everything up to here was taken: between the last record and the end there are transaction markers.</summary>
    public void NoteEnd(int partition, long end)
    {
        lock (_gate)
        {
            Of(partition).End = end;
        }
    }

    /// <summary>A record was processed.</summary>
    /// <returns>True when this process had processed it before.</returns>
    public bool NoteProcessed(int partition, long offset)
    {
        lock (_gate)
        {
            var position = Of(partition);
            var replayed = offset < position.Highest;
            position.Processed = offset + 1;
            position.Highest = Math.Max(position.Highest, offset + 1);
            return replayed;
        }
    }

    /// <summary>A source is complete in a partition up to an event time, Unix milliseconds; it never goes back.</summary>
    public void NoteWatermark(int partition, byte[] source, long watermark)
    {
        lock (_gate)
        {
            var watermarks = Of(partition).Watermarks;
            var name = Convert.ToHexString(source);
            watermarks[name] = Math.Max(watermarks.GetValueOrDefault(name, long.MinValue), watermark);
        }
    }

    /// <summary>Every write of a partition's processed records is acknowledged, and its offset is committed next.</summary>
    public void NoteFlushed(int partition)
    {
        lock (_gate)
        {
            var position = Of(partition);
            position.Settled = position.Processed;
            position.OldestOpen = position.Settled == position.Taken ? null : position.LastWritten;
        }
    }

    /// <summary>Offsets were committed, by the consumer or in a transaction.</summary>
    public void NoteCommitted(IEnumerable<TopicPartitionOffset> offsets)
    {
        metrics.OffsetCommits.Add(1);
        lock (_gate)
        {
            foreach (var offset in offsets)
            {
                Of(offset.Partition.Value).Committed = offset.Offset.Value;
            }
        }
    }

    /// <summary>The offset up to which a partition is committed; 0 while nothing is, by this process.</summary>
    public long Committed(int partition)
    {
        lock (_gate)
        {
            return Of(partition).Committed;
        }
    }

    /// <summary>Sets the gauges.</summary>
    /// <param name="assignment">The partitions that the stream holds.</param>
    /// <param name="endOf">The end of a partition's log as far as the last fetch saw it; null while it is not known.</param>
    public void Publish(IReadOnlyList<TopicPartition> assignment, Func<TopicPartition, long?> endOf)
    {
        lock (_gate)
        {
            long lag = 0;
            long? oldest = null;
            long? watermark = long.MaxValue;
            foreach (var place in assignment)
            {
                var position = Of(place.Partition.Value);
                if (endOf(place) is not { } end || position.Done is not { } done)
                {
                    return;
                }

                lag += Math.Max(0, end - done);
                if ((position.OldestOpen ?? (end > done ? position.LastWritten : null)) is { } open)
                {
                    oldest = Math.Min(oldest ?? long.MaxValue, open);
                }

                watermark = position.Watermark is { } known && watermark is { } least ? Math.Min(known, least) : null;
            }

            if (assignment.Count > 0)
            {
                metrics.SetGauge(Instruments.LagRecords, lag, "{record}");
                metrics.SetGauge(
                    Instruments.LagSeconds, oldest is { } written ? Math.Max(0, (time.GetUtcNow().ToUnixTimeMilliseconds() - written) / 1000.0) : 0, "s");
            }

            if (assignment.Count > 0 && watermark is { } complete)
            {
                metrics.SetGauge(Instruments.LaneWatermark, complete / 1000.0, "s");
            }
        }
    }

    private Position Of(int partition)
    {
        if (!_positions.TryGetValue(partition, out var position))
        {
            _positions[partition] = position = new Position();
        }

        return position;
    }

    private sealed class Position
    {
        public long? First { get; set; }

        public long? Taken { get; set; }

        public long? Processed { get; set; }

        public long? Settled { get; set; }

        public long? End { get; set; }

        public long Highest { get; set; }

        public long? LastWritten { get; set; }

        public long? OldestOpen { get; set; }

        public long Committed { get; set; }

        public Dictionary<string, long> Watermarks { get; } = new(StringComparer.Ordinal);

        public long? Watermark => Watermarks.Count == 0 ? null : Watermarks.Values.Min();

        /// <summary>The offset up to which nothing is left to do; null while nothing is known.</summary>
        public long? Done => Settled == Taken ? Max(Settled, End) : Settled ?? First;

        private static long? Max(long? one, long? other) => one is null ? other : other is null ? one : Math.Max(one.Value, other.Value);
    }
}
