using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Kafka;

internal static partial class LogMessages
{
    [LoggerMessage(5001, LogLevel.Information, "Kafka listens on 127.0.0.1:{Port}, data in {Directory}")]
    public static partial void BrokerStarted(this ILogger logger, int port, string directory);

    [LoggerMessage(5002, LogLevel.Warning, "{Path}: cut {Bytes} bytes of a torn tail; the log goes on at offset {NextOffset}")]
    public static partial void TornTailCut(this ILogger logger, string path, long bytes, long nextOffset);

    [LoggerMessage(5003, LogLevel.Warning, "{Directory} belongs to no topic and is left alone")]
    public static partial void OrphanDirectory(this ILogger logger, string directory);

    [LoggerMessage(5004, LogLevel.Warning, "Closed the connection from {Client}: {Reason}")]
    public static partial void ConnectionRefused(this ILogger logger, string client, string reason);

    [LoggerMessage(5005, LogLevel.Error, "Request {Api} v{Version} from {Client} failed; its connection is closed")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string api, short version, string client);

    [LoggerMessage(5006, LogLevel.Debug, "Group {Group}: {Members} members in generation {Generation} ({Reason})")]
    public static partial void GroupRebalanced(this ILogger logger, string group, int members, int generation, string reason);

    [LoggerMessage(5007, LogLevel.Information, "Group {Group}: member {Member} is removed ({Reason})")]
    public static partial void MemberRemoved(this ILogger logger, string group, string member, string reason);

    [LoggerMessage(5008, LogLevel.Information, "Transaction of {TransactionalId} is aborted ({Reason})")]
    public static partial void TransactionAborted(this ILogger logger, string transactionalId, string reason);

    [LoggerMessage(5009, LogLevel.Error, "A background task of the Kafka broker failed")]
    public static partial void BackgroundFailed(this ILogger logger, Exception exception);

    [LoggerMessage(5010, LogLevel.Debug, "{Path} is past its retention and deleted")]
    public static partial void SegmentDeleted(this ILogger logger, string path);

    [LoggerMessage(5011, LogLevel.Debug, "{Path} is compacted from {Before} bytes to {After}")]
    public static partial void SegmentCompacted(this ILogger logger, string path, int before, int after);

    [LoggerMessage(5012, LogLevel.Warning, "{Directory} holds records that cannot be read and is not compacted: {Reason}")]
    public static partial void CompactionRefused(this ILogger logger, string directory, string reason);

    [LoggerMessage(5013, LogLevel.Error, "The connection from {Client} failed and is closed")]
    public static partial void ConnectionFailed(this ILogger logger, Exception exception, string client);
}
