using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Registry;

internal static partial class RegistryLog
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "The schema registry listens on {Address}, data in {Directory}: {Schemas} schemas")]
    public static partial void Started(ILogger logger, Uri address, string directory, int schemas);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Warning, Message = "The registry's journal ended in a torn change of {Bytes} bytes, which was cut off; it was never acknowledged")]
    public static partial void TornTail(ILogger logger, long bytes);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Error, Message = "The schema registry could not answer {Method} {Target}")]
    public static partial void Failed(ILogger logger, string method, string target, Exception exception);
}
