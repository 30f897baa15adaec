using Microsoft.Extensions.Logging;

namespace Hybrid.Publisher;

/// <summary>What the publisher logs.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(EventId = 300, Level = LogLevel.Information, Message = "{Source}: {How} at {Watermark:u}, {Records} records published so far")]
    public static partial void Started(ILogger logger, string source, string how, DateTimeOffset watermark, long records);

    [LoggerMessage(EventId = 301, Level = LogLevel.Information, Message = "{Source}: nothing to begin with yet, waiting for a first object")]
    public static partial void Waiting(ILogger logger, string source);

    [LoggerMessage(EventId = 302, Level = LogLevel.Warning, Message = "{Source}: skips {Partitions} partitions to {To:u}, as Publisher:Restart=latest says")]
    public static partial void Skips(ILogger logger, string source, long partitions, DateTimeOffset to);

    [LoggerMessage(EventId = 303, Level = LogLevel.Debug, Message = "{Partition} {Kind}: {Objects} objects, {Records} records, {DeadLetters} dead letters")]
    public static partial void Published(
        ILogger logger, string partition, string kind, long objects, long records, long deadLetters);

    [LoggerMessage(EventId = 304, Level = LogLevel.Warning, Message = "object {Key} of {Partition} was listed but is gone; it is published if a later listing shows it again")]
    public static partial void ObjectGone(ILogger logger, string key, string partition);

    [LoggerMessage(EventId = 305, Level = LogLevel.Warning, Message = "{Damage}; the lines before it are published, the rest is one dead letter")]
    public static partial void ObjectDamaged(ILogger logger, string damage);

    [LoggerMessage(EventId = 306, Level = LogLevel.Warning, Message = "publishing failed ({Reason}); begins again from what is committed in {Delay:0.0} s")]
    public static partial void Retries(ILogger logger, string reason, double delay);

    [LoggerMessage(EventId = 307, Level = LogLevel.Information, Message = "the end is reached at {Watermark:u}: {Lines} lines = {Records} records + {DeadLetters} dead letters")]
    public static partial void Done(ILogger logger, DateTimeOffset watermark, long lines, long records, long deadLetters);

    [LoggerMessage(EventId = 308, Level = LogLevel.Warning, Message = "stopped while publishing failed ({Reason}); the next start takes it up")]
    public static partial void StoppedInFailure(ILogger logger, string reason);

    [LoggerMessage(EventId = 309, Level = LogLevel.Information, Message = "{Source}: goes on in the middle of {Key}, behind line {Line}")]
    public static partial void Resumes(ILogger logger, string source, string key, long line);

    [LoggerMessage(EventId = 310, Level = LogLevel.Warning, Message = "object {Key} of {Partition} was deleted after it was published; its records stand")]
    public static partial void ObjectDeleted(ILogger logger, string key, string partition);

    [LoggerMessage(EventId = 311, Level = LogLevel.Information, Message = "{Source}: {Partitions} partitions behind, at {Watermark:u}")]
    public static partial void CatchingUp(ILogger logger, string source, long partitions, DateTimeOffset watermark);

    [LoggerMessage(EventId = 313, Level = LogLevel.Warning, Message = "no notifications from topic {Topic} ({Reason}): the sweep goes on, and the topic is tried again")]
    public static partial void NotNotified(ILogger logger, string topic, string reason);

    [LoggerMessage(EventId = 314, Level = LogLevel.Warning, Message = "{Place} is no S3 event message ({Reason}); such messages are passed over, and this is said once")]
    public static partial void BadNotification(ILogger logger, string place, string reason);

    [LoggerMessage(EventId = 315, Level = LogLevel.Error, Message = "{Trouble}")]
    public static partial void ClocksDisagree(ILogger logger, string trouble);

    [LoggerMessage(EventId = 316, Level = LogLevel.Information, Message = "the clocks agree again: it is {Now:u}")]
    public static partial void ClocksAgree(ILogger logger, DateTimeOffset now);

    [LoggerMessage(EventId = 312, Level = LogLevel.Information, Message = "source '{Source}': {Old} shards hand over to {New}, at {Watermark:u}")]
    public static partial void HandsOver(ILogger logger, string source, int old, int @new, DateTimeOffset watermark);
}
