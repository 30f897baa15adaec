using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Records;

namespace Hybrid.Sandbox.Kafka.Log;

/// <summary>What a reader may have of a partition, as it was at one moment.</summary>
internal readonly record struct ReadPlan(ErrorCode Error, long HighWatermark = -1, long LastStableOffset = -1, long StartOffset = -1)
{
    /// <summary>The segment to read; null when there is nothing new.</summary>
    public LogSegment? Segment { get; init; }

    public int SegmentSize { get; init; }

    /// <summary>A position in the segment at or before the first batch wanted.</summary>
    public int Position { get; init; }

    /// <summary>The first offset wanted.</summary>
    public long Offset { get; init; }

    /// <summary>Batches from this offset on are not to be seen.</summary>
    public long Limit { get; init; }

    /// <summary>
    /// Where a batch begins, or the segment ends, that is known without reading the segment: all before it may be seen, and
    /// is not more than was wanted. Not after <see cref="Position"/> if nothing is known.
    /// </summary>
    public (int Position, long Offset) Boundary { get; init; }
}

internal sealed partial class PartitionLog
{
    private const int RememberedEnds = 8;

    /// <summary>Bytes from which on a part of the file costs less to send by itself than to copy (measured: half the time from 256 KiB on).</summary>
    private const int LeastSentFromFile = 64 * 1024;

    private readonly ReadEnd[] _readEnds = new ReadEnd[RememberedEnds];
    private int _nextReadEnd;

    /// <summary>Where a read ended, which is where its reader goes on.</summary>
    private readonly record struct ReadEnd(LogSegment? Segment, long Offset, int Position);

    /// <summary>Says what a reader may have from an offset on.</summary>
    /// <param name="offset">Offset of the first record wanted.</param>
    /// <param name="maxBytes">How much will be read at most.</param>
    /// <param name="committed">Whether to stop at the last stable offset, and to name the aborted transactions on the way.</param>
    /// <param name="aborted">Emptied, then gets the aborted transactions that the records may belong to.</param>
    public ReadPlan Plan(long offset, int maxBytes, bool committed, List<AbortedTransaction> aborted)
    {
        aborted.Clear();
        lock (_gate)
        {
            var plan = new ReadPlan(ErrorCode.None, Active.NextOffset, StableOffset, _startOffset);
            if (_closed)
            {
                return plan with { Error = ErrorCode.UnknownTopicOrPartition };
            }
            if (offset < _startOffset || offset > plan.HighWatermark)
            {
                return plan with { Error = ErrorCode.OffsetOutOfRange };
            }
            var limit = committed ? plan.LastStableOffset : plan.HighWatermark;
            if (offset >= limit)
            {
                return plan;
            }
            var (segment, position) = Locate(offset);
            if (committed)
            {
                _producers.CollectAborted(offset, Math.Min(limit, segment.OffsetBeyond(position, maxBytes)), aborted);
            }
            return plan with
            {
                Segment = segment,
                SegmentSize = segment.Size,
                Position = position,
                Offset = offset,
                Limit = limit,
                Boundary = segment.BoundaryBefore((long)position + maxBytes, limit),
            };
        }
    }

    /// <summary>Puts whole batches at the end of a response: large parts as a reference to the file, small ones copied. Gives their bytes.</summary>
    /// <param name="plan">What to give.</param>
    /// <param name="maxBytes">Bytes at most.</param>
    /// <param name="atLeastOne">Whether the first batch is given even if it is longer than <paramref name="maxBytes"/>.</param>
    /// <param name="target">Where the batches go.</param>
    public int Give(ReadPlan plan, int maxBytes, bool atLeastOne, ResponseWriter target)
    {
        if (plan.Segment is not { } segment)
        {
            return 0;
        }
        try
        {
            var bytes = GiveBatches(segment, plan, maxBytes, atLeastOne, target, out var end);
            if (bytes > 0)
            {
                lock (_gate)
                {
                    if (!segment.IsClosed)
                    {
                        _readEnds[_nextReadEnd++ % RememberedEnds] = end;
                    }
                }
            }
            return bytes;
        }
        catch (ObjectDisposedException)
        {
            // The segment was deleted meanwhile; the next read will be told that the offset is out of range.
            return 0;
        }
    }

    /// <summary>The first record at or after a time, among those below the high watermark.</summary>
    /// <param name="timestamp">Milliseconds since 1970.</param>
    public TimestampedOffset FindByTime(long timestamp)
    {
        LogSegment[] segments;
        long start;
        lock (_gate)
        {
            segments = [.. _segments.Where(segment => segment.MaxTimestamp >= timestamp && segment.NextOffset > _startOffset)];
            start = _startOffset;
        }
        foreach (var segment in segments)
        {
            if (FindByTime(segment, timestamp, start) is { Offset: >= 0 } found)
            {
                return found;
            }
        }
        return new TimestampedOffset(-1, -1);
    }

    /// <summary>The record with the greatest timestamp (KIP-734).</summary>
    public TimestampedOffset FindLatest()
    {
        long latest;
        lock (_gate)
        {
            latest = _segments.Max(segment => segment.MaxTimestamp);
        }
        return latest < 0 ? new TimestampedOffset(-1, -1) : FindByTime(latest);
    }

    private static int GiveBatches(LogSegment segment, ReadPlan plan, int maxBytes, bool atLeastOne, ResponseWriter target, out ReadEnd end)
    {
        end = default;
        var position = plan.Position;
        Span<byte> header = stackalloc byte[RecordBatch.PositionSize];
        var first = new RecordBatch(header);
        while (true)
        {
            if (segment.Read(header, position) < header.Length)
            {
                return 0;
            }
            if (first.LastOffset >= plan.Offset)
            {
                break;
            }
            position += first.Size;
        }
        if (first.Size > maxBytes && !atLeastOne)
        {
            return 0;
        }
        if (plan.Boundary.Position - position is >= LeastSentFromFile and var whole && segment.TryLease())
        {
            target.File(segment, position, whole);
            end = new ReadEnd(segment, plan.Boundary.Offset, plan.Boundary.Position);
            return whole;
        }
        var span = target.GetSpan(Math.Min(Math.Max(maxBytes, first.Size), plan.SegmentSize - position));
        var read = segment.Read(span, position);
        var taken = 0;
        while (read - taken >= RecordBatch.PositionSize)
        {
            var batch = new RecordBatch(span[taken..read]);
            if (batch.Size > read - taken || batch.BaseOffset >= plan.Limit)
            {
                break;
            }
            taken += batch.Size;
            end = new ReadEnd(segment, batch.LastOffset + 1, position + taken);
        }
        target.Advance(taken);
        return taken;
    }

    private static TimestampedOffset FindByTime(LogSegment segment, long timestamp, long start)
    {
        Span<byte> header = stackalloc byte[RecordBatch.HeaderSize];
        var batch = new RecordBatch(header);
        for (var position = segment.PositionBeforeTime(timestamp); segment.Read(header, position) == header.Length; position += batch.Size)
        {
            if (batch.MaxTimestamp < timestamp || batch.LastOffset < start || batch.IsControl)
            {
                continue;
            }
            var bytes = new byte[batch.Size];
            segment.Read(bytes, position);
            if (RecordTimes.FirstAtOrAfter(new RecordBatch(bytes), timestamp, start) is { Offset: >= 0 } found)
            {
                return found;
            }
        }
        return new TimestampedOffset(-1, -1);
    }

    private (LogSegment Segment, int Position) Locate(long offset)
    {
        foreach (var end in _readEnds)
        {
            if (end.Segment is { } known && end.Offset == offset && end.Position < known.Size)
            {
                return (known, end.Position);
            }
        }
        var index = _segments.Count - 1;
        while (_segments[index].BaseOffset > offset)
        {
            index--;
        }
        // A segment may end below the next one's first offset, or be empty, where its records were compacted away or lost.
        while ((_segments[index].Size == 0 || _segments[index].NextOffset <= offset) && index + 1 < _segments.Count)
        {
            index++;
        }
        var segment = _segments[index];
        return (segment, segment.PositionBefore(offset));
    }
}
