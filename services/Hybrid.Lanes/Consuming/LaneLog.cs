using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.Consuming;

/// <summary>What lanes log.</summary>
internal static partial class LaneLog
{
    [LoggerMessage(EventId = 400, Level = LogLevel.Information, Message = "Lane {Lane} reads {Topic} and writes collection {Collection} ({Adapter}, {Visibility})")]
    public static partial void Started(this ILogger logger, string lane, string topic, string collection, string adapter, string visibility);

    [LoggerMessage(EventId = 401, Level = LogLevel.Information, Message = "Assigned {Partitions}")]
    public static partial void Assigned(this ILogger logger, string partitions);

    [LoggerMessage(EventId = 402, Level = LogLevel.Information, Message = "Gave up {Partitions}")]
    public static partial void Revoked(this ILogger logger, string partitions);

    [LoggerMessage(EventId = 403, Level = LogLevel.Warning, Message = "Lost {Partitions} to another member: what was in flight is read again there")]
    public static partial void Lost(this ILogger logger, string partitions);

    [LoggerMessage(EventId = 404, Level = LogLevel.Warning, Message = "Restarted at the newest: {Skipped} offsets passed over")]
    public static partial void Skipped(this ILogger logger, long skipped);

    [LoggerMessage(EventId = 405, Level = LogLevel.Warning, Message = "{Records} records ({Bytes} bytes) wait for Solr: the partitions are paused")]
    public static partial void Paused(this ILogger logger, int records, long bytes);

    [LoggerMessage(EventId = 406, Level = LogLevel.Information, Message = "The partitions are read again")]
    public static partial void Resumed(this ILogger logger);

    [LoggerMessage(EventId = 407, Level = LogLevel.Warning, Message = "Offsets were not committed and will be with the next ones: {Reason}")]
    public static partial void NotCommitted(this ILogger logger, string reason);

    [LoggerMessage(EventId = 408, Level = LogLevel.Warning, Message = "Kafka does not deliver for now: {Reason}")]
    public static partial void NotDelivered(this ILogger logger, string reason);

    [LoggerMessage(EventId = 409, Level = LogLevel.Information, Message = "Drained: everything taken is acknowledged and committed")]
    public static partial void Drained(this ILogger logger);

    [LoggerMessage(EventId = 410, Level = LogLevel.Warning, Message = "{Records} records were still in flight after {Deadline}: they are read again at the next start")]
    public static partial void NotDrained(this ILogger logger, int records, TimeSpan deadline);

    [LoggerMessage(EventId = 411, Level = LogLevel.Debug, Message = "Batch {Batch}: {Records} records, {Documents} documents, by {Trigger}, {Milliseconds:0} ms")]
    public static partial void BatchWritten(this ILogger logger, string batch, int records, int documents, MicroBatch.BatchTrigger trigger, double milliseconds);

    [LoggerMessage(EventId = 415, Level = LogLevel.Warning, Message = "The commit log {Topic} did not take batch {Batch} ({Reason}): the lane goes on without it, and says here no more until it does")]
    public static partial void CommitLogFails(this ILogger logger, string topic, string batch, string reason);

    [LoggerMessage(EventId = 412, Level = LogLevel.Warning, Message = "The group was not left in order: {Reason}")]
    public static partial void NotClosed(this ILogger logger, string reason);

    [LoggerMessage(EventId = 414, Level = LogLevel.Information, Message = "The window of {Partition} is rebuilt from {Records} records in {Milliseconds:0} ms")]
    public static partial void WindowRebuilt(this ILogger logger, Confluent.Kafka.TopicPartition partition, long records, double milliseconds);

    [LoggerMessage(EventId = 413, Level = LogLevel.Warning, Message = "Where to go on is not known yet ({Reason}): the lane asks again")]
    public static partial void StartsUnknown(this ILogger logger, string reason);
}
