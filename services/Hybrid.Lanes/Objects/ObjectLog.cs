using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.Objects;

/// <summary>What the lanes log that read the object store themselves.</summary>
internal static partial class ObjectLog
{
    [LoggerMessage(EventId = 430, Level = LogLevel.Information, Message = "Lane {Lane} reads {Layout} of bucket {Bucket} and writes collection {Collection} ({Adapter}, {Visibility}); its cursor is {Cursor}")]
    public static partial void ObjectsStarted(this ILogger logger, string lane, string layout, string bucket, string collection, string adapter, string visibility, string cursor);

    [LoggerMessage(EventId = 431, Level = LogLevel.Information, Message = "{How} at {Watermark:u}, {Records} records indexed so far")]
    public static partial void Begins(this ILogger logger, string how, DateTimeOffset watermark, long records);

    [LoggerMessage(EventId = 432, Level = LogLevel.Information, Message = "Nothing to begin with yet, waiting for a first object")]
    public static partial void Waiting(this ILogger logger);

    [LoggerMessage(EventId = 433, Level = LogLevel.Warning, Message = "Skips {Partitions} partitions to {To:u}, as Lane:Restart=latest says")]
    public static partial void SkipsPartitions(this ILogger logger, long partitions, DateTimeOffset to);

    [LoggerMessage(EventId = 434, Level = LogLevel.Warning, Message = "Object {Key} of {Partition} was listed but is gone; it is taken if a later listing shows it again")]
    public static partial void ObjectGone(this ILogger logger, string key, string partition);

    [LoggerMessage(EventId = 435, Level = LogLevel.Warning, Message = "Object {Key} of {Partition} was deleted after it was indexed; its attributes stand, its signals are counted no more")]
    public static partial void ObjectDeleted(this ILogger logger, string key, string partition);

    [LoggerMessage(EventId = 436, Level = LogLevel.Warning, Message = "{Damage}; the lines before it are indexed, the rest is one dead letter")]
    public static partial void ObjectDamaged(this ILogger logger, string damage);

    [LoggerMessage(EventId = 437, Level = LogLevel.Warning, Message = "{What} failed ({Reason}); begins again from the cursor in {Delay:0.0} s")]
    public static partial void BeginsAgain(this ILogger logger, string what, string reason, double delay);

    [LoggerMessage(EventId = 438, Level = LogLevel.Information, Message = "Another instance moved the cursor {Cursor} on: this one stands by")]
    public static partial void StandsBy(this ILogger logger, string cursor);

    [LoggerMessage(EventId = 439, Level = LogLevel.Information, Message = "The cursor has not moved for {Delay}: this instance takes over")]
    public static partial void TakesOver(this ILogger logger, TimeSpan delay);

    [LoggerMessage(EventId = 440, Level = LogLevel.Debug, Message = "Indexed up to {Watermark:u}: {Objects} objects, {Records} records, {DeadLetters} dead letters, {States} states of signals")]
    public static partial void Indexed(this ILogger logger, DateTimeOffset watermark, long objects, long records, long deadLetters, long states);

    [LoggerMessage(EventId = 441, Level = LogLevel.Information, Message = "The window up to {End:u} is counted anew: {Objects} objects, {States} states of signals, {Milliseconds:0} ms")]
    public static partial void Recounted(this ILogger logger, DateTimeOffset end, long objects, long states, double milliseconds);

    [LoggerMessage(EventId = 442, Level = LogLevel.Warning, Message = "Dead letter {Place} ({Class}): {Error}")]
    public static partial void DeadLetter(this ILogger logger, string place, string @class, string error);

    [LoggerMessage(EventId = 443, Level = LogLevel.Warning, Message = "Further dead letters are counted and not logged: read them below {Prefix}")]
    public static partial void NoMoreDeadLetters(this ILogger logger, string prefix);

    [LoggerMessage(EventId = 444, Level = LogLevel.Information, Message = "Drained: everything read is acknowledged, and the cursor is at {Watermark:u}")]
    public static partial void ObjectsDrained(this ILogger logger, DateTimeOffset watermark);

    [LoggerMessage(EventId = 445, Level = LogLevel.Warning, Message = "Not everything read was acknowledged after {Deadline}: it is read again at the next start")]
    public static partial void ObjectsNotDrained(this ILogger logger, TimeSpan deadline);
}
