using Microsoft.Extensions.Logging;

namespace Hybrid.Pipeline.Discovery;

/// <summary>What discovery logs.</summary>
internal static partial class DiscoveryLog
{
    [LoggerMessage(EventId = 120, Level = LogLevel.Warning, Message = "object {Key} is in no partition and passed over: its time begins none of {Period}; is Source:Period right?")]
    public static partial void BetweenPartitions(ILogger logger, string key, TimeSpan period);

    [LoggerMessage(EventId = 121, Level = LogLevel.Warning, Message = "object {Key} is in no partition and passed over: its key is not of the layout {Template}")]
    public static partial void Foreign(ILogger logger, string key, string template);

    [LoggerMessage(EventId = 122, Level = LogLevel.Warning, Message = "and {Count} more objects that are in no partition")]
    public static partial void More(ILogger logger, int count);
}
