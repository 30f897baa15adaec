using Hybrid.Sandbox.Kafka.Records;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Kafka.Log;

internal sealed partial class PartitionLog
{
    private const int MaxKeysAtOnce = 2_000_000;

    private long _compactedUntil;

    /// <summary>
    /// Removes superseded records from the segments that are no longer written, if the topic is compacted and enough of them
    /// is new since the last time. Offsets stay as they are; readers and writers go on meanwhile.
    /// </summary>
    public void Compact(ILogger logger)
    {
        var settings = _settings();
        if (!settings.Compacts || SegmentsToCompact(settings) is not { Count: > 0 } segments)
        {
            return;
        }
        try
        {
            Compact(segments, settings, logger);
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException or IndexOutOfRangeException)
        {
            // Somebody wrote bytes that are no records; they are kept as they are.
            logger.CompactionRefused(_directory, exception.Message);
            _compactedUntil = segments[^1].NextOffset;
        }
        catch (ObjectDisposedException)
        {
            // The topic, or a segment of it, was deleted meanwhile.
        }
    }

    private void Compact(List<LogSegment> segments, LogSettings settings, ILogger logger)
    {
        AbortedRanges aborted;
        lock (_gate)
        {
            aborted = new AbortedRanges(_producers.Aborted);
        }
        var map = new CompactionMap();
        var last = segments[0];
        foreach (var unseen in segments.Where(segment => segment.NextOffset > _compactedUntil).TakeWhile(_ => map.Count < MaxKeysAtOnce))
        {
            unseen.Scan(batch =>
            {
                if (!batch.IsControl && !aborted.Cover(batch))
                {
                    map.Add(batch);
                }
            });
            last = unseen;
        }
        var end = last.NextOffset;
        var filter = new BatchFilter(map, aborted, Now() - (long)settings.DeleteRetention.TotalMilliseconds, end - 1);
        foreach (var segment in segments.Where(segment => segment.BaseOffset <= last.BaseOffset))
        {
            var before = segment.Size;
            if (segment.Rewrite(filter.Filter, settings.IndexIntervalBytes, settings.Disk) is { } rewritten)
            {
                Replace(segment, rewritten);
                logger.SegmentCompacted(segment.Path, before, rewritten.Size);
            }
        }
        _compactedUntil = end;
    }

    private List<LogSegment>? SegmentsToCompact(LogSettings settings)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return null;
            }
            var now = Now();
            var youngest = settings.MinCompactionLag > TimeSpan.Zero ? now - settings.MinCompactionLag.TotalMilliseconds : double.MaxValue;
            var closed = _segments
                .TakeWhile(segment => segment != Active && segment.MaxTimestamp <= youngest)
                .Where(segment => segment.Size > 0 && segment.NextOffset <= StableOffset)
                .ToList();
            var unseen = closed.Where(segment => segment.NextOffset > _compactedUntil).ToList();
            var isDue = unseen.Count > 0
                && (unseen.Sum(segment => (long)segment.Size) >= settings.MinDirtyRatio * closed.Sum(segment => (long)segment.Size)
                    || unseen[0].MaxTimestamp < now - settings.MaxCompactionLag.TotalMilliseconds);
            return isDue ? closed : null;
        }
    }

    private void Replace(LogSegment segment, LogSegment rewritten)
    {
        lock (_gate)
        {
            var index = _segments.IndexOf(segment);
            if (index < 0 || _closed)
            {
                rewritten.Discard();
                return;
            }
            // Earlier states of the producers tell of markers that may be gone now; the last one is all that a start needs.
            foreach (var earlier in _segments.TakeWhile(each => each != Active))
            {
                ProducerSnapshot.Delete(_directory, earlier.BaseOffset);
            }
            Array.Clear(_readEnds);
            if (rewritten.Size == 0 && index > 0)
            {
                rewritten.Discard();
                _segments.RemoveAt(index);
                segment.Delete();
                return;
            }
            rewritten.TakePlaceOf(segment);
            _segments[index] = rewritten;
        }
    }
}
