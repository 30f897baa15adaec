using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Kafka.Log;

internal sealed partial class PartitionLog
{
    /// <summary>Opens the log in a directory, which is made if it is not there, and repairs what a kill left half written.</summary>
    /// <param name="directory">The partition's own directory.</param>
    /// <param name="startOffset">Records before it were deleted on request.</param>
    /// <param name="settings">The topic's settings, asked for at each use since they may be altered.</param>
    /// <param name="logger">Is told of repairs.</param>
    /// <exception cref="IOException">A file cannot be opened or read.</exception>
    public PartitionLog(string directory, long startOffset, Func<LogSettings> settings, ILogger logger)
    {
        _directory = directory;
        _settings = settings;
        Directory.CreateDirectory(directory);
        LogSegment.DeleteLeftovers(directory);
        var interval = settings().IndexIntervalBytes;
        var bases = LogSegment.BaseOffsets(directory) is { Length: > 0 } found ? found : [startOffset];

        // The last segment is read in any case, and from the last snapshot on every segment is, to know the producers.
        var replayFrom = bases.Length - 1;
        ProducerTable? producers;
        while ((producers = ProducerSnapshot.TryLoad(directory, bases[replayFrom])) is null && replayFrom > 0)
        {
            replayFrom--;
        }
        _producers = producers ?? new ProducerTable();
        var now = Now();
        for (var i = 0; i < bases.Length; i++)
        {
            var segment = new LogSegment(directory, bases[i], interval);
            _segments.Add(segment);
            var replay = i >= replayFrom;
            if (!replay && segment.TryOpenSealed())
            {
                continue;
            }
            var cut = segment.Recover(batch =>
            {
                if (replay)
                {
                    _producers.Apply(batch, now);
                }
            });
            if (cut > 0)
            {
                logger.TornTailCut(segment.Path, cut, segment.NextOffset);
            }
        }
        _startOffset = Math.Clamp(startOffset, bases[0], Active.NextOffset);
    }
}
