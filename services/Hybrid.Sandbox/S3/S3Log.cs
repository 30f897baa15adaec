using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.S3;

internal static partial class S3Log
{
    [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "S3 listens on {Address}, data in {Directory}: {Buckets} buckets")]
    public static partial void Started(ILogger logger, Uri address, string directory, int buckets);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "The object file {File} is damaged and was set aside as {File}.broken")]
    public static partial void BrokenObject(ILogger logger, string file);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Error, Message = "S3 could not answer {Method} {Target}")]
    public static partial void Failed(ILogger logger, string method, string target, Exception exception);
}
