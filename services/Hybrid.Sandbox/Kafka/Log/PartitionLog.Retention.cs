using Hybrid.Sandbox.Kafka.Protocol;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Kafka.Log;

internal sealed partial class PartitionLog
{
    private static readonly TimeSpan IdleProducerExpiry = TimeSpan.FromDays(7);

    /// <summary>Moves the start of the log up to an offset, −1 for the end, and deletes the segments before it.</summary>
    public ErrorCode AdvanceStart(long offset)
    {
        lock (_gate)
        {
            var target = offset == -1 ? Active.NextOffset : offset;
            if (target < 0 || target > Active.NextOffset)
            {
                return ErrorCode.OffsetOutOfRange;
            }
            _startOffset = Math.Max(_startOffset, target);
            DeleteSegmentsWhile(segment => segment.NextOffset <= _startOffset);
            return ErrorCode.None;
        }
    }

    /// <summary>Deletes the segments that the topic's retention lets go; one that is written to is closed first if it is too old.</summary>
    public void ApplyRetention(ILogger logger)
    {
        var settings = _settings();
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }
            var now = Now();
            if (settings.Deletes)
            {
                var oldest = settings.Retention is { } retention ? now - (long)retention.TotalMilliseconds : long.MinValue;
                if (Active.Size > 0 && Active.MaxTimestamp < oldest)
                {
                    Roll(settings);
                }
                var excess = _segments.Sum(segment => (long)segment.Size) - (settings.RetentionBytes ?? long.MaxValue);
                DeleteSegmentsWhile(segment =>
                {
                    var goes = segment.MaxTimestamp < oldest || excess >= segment.Size;
                    if (goes)
                    {
                        excess -= segment.Size;
                        logger.SegmentDeleted(segment.Path);
                    }
                    return goes;
                });
            }
            _producers.Forget(_startOffset, now - (long)IdleProducerExpiry.TotalMilliseconds);
        }
    }

    private void DeleteSegmentsWhile(Func<LogSegment, bool> wanted)
    {
        while (_segments.Count > 1 && wanted(_segments[0]))
        {
            var segment = _segments[0];
            _segments.RemoveAt(0);
            ProducerSnapshot.Delete(_directory, segment.BaseOffset);
            segment.Delete();
            _startOffset = Math.Max(_startOffset, _segments[0].BaseOffset);
        }
    }
}
