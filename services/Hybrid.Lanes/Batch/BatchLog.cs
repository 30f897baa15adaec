using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.Batch;

/// <summary>What the batch lane logs.</summary>
internal static partial class BatchLog
{
    [LoggerMessage(EventId = 450, Level = LogLevel.Information, Message = "The next run is due at {Time:u}, event time, by '{Schedule}'")]
    public static partial void NextRun(this ILogger logger, DateTimeOffset time, string schedule);

    [LoggerMessage(EventId = 451, Level = LogLevel.Information, Message = "Indexed {From:u} to {To:u}: {Objects} objects, {Lines} lines, {States} states of signals, {Cleared} cleared, {Seconds:0.0} s; the index was {Stale:0.0} s old before")]
    public static partial void Ran(this ILogger logger, DateTimeOffset from, DateTimeOffset to, long objects, long lines, long states, long cleared, double seconds, double stale);

    [LoggerMessage(EventId = 452, Level = LogLevel.Warning, Message = "Several times of the schedule passed by during one run, which the next run covers: the schedule is too tight for the window")]
    public static partial void RunsPassedBy(this ILogger logger);

    [LoggerMessage(EventId = 453, Level = LogLevel.Information, Message = "Another instance moved the cursor {Cursor} on meanwhile: both wrote the same")]
    public static partial void RanTwice(this ILogger logger, string cursor);

    [LoggerMessage(EventId = 454, Level = LogLevel.Information, Message = "Builds the index anew in {Collection}, from {From:u} to {To:u}")]
    public static partial void Rebuilds(this ILogger logger, string collection, DateTimeOffset from, DateTimeOffset to);

    [LoggerMessage(EventId = 455, Level = LogLevel.Information, Message = "{Partition}: {Objects} objects and {Lines} lines read so far")]
    public static partial void Reads(this ILogger logger, string partition, long objects, long lines);

    [LoggerMessage(EventId = 456, Level = LogLevel.Warning, Message = "Deletes {Collection}, which a rebuild left behind that did not end")]
    public static partial void DeletesLeftOver(this ILogger logger, string collection);

    [LoggerMessage(EventId = 457, Level = LogLevel.Information, Message = "Nothing to index yet")]
    public static partial void NothingYet(this ILogger logger);
}
