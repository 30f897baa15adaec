using System.ComponentModel.DataAnnotations;

namespace Hybrid.Pipeline.Windows;

/// <summary>The window that signals are counted over (section <c>Window</c>), in event time. One setting for a whole comparison.</summary>
public sealed class WindowOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Window";

    /// <summary>How much event time the window covers; give whole partitions. 0 for none: signals are let pass unread.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "31.00:00:00")]
    public TimeSpan Length { get; set; } = TimeSpan.FromHours(5);

    /// <summary>
    /// By how much it moves on at once, counted from 1970-01-01T00:00:00Z: 0 with every partition (sliding), less than the length for a
    /// hopping window, the length itself for a tumbling one.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "31.00:00:00")]
    public TimeSpan Hop { get; set; } = TimeSpan.Zero;

    /// <summary>Whether signals are counted at all.</summary>
    public bool IsOn => Length > TimeSpan.Zero;

    /// <summary>The end of the window that is to be shown when sources are complete up to a watermark.</summary>
    /// <param name="watermarkMilliseconds">Event time in milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <returns>Event time in milliseconds since 1970-01-01T00:00:00Z, at most the watermark.</returns>
    public long End(long watermarkMilliseconds)
    {
        var hop = (long)Hop.TotalMilliseconds;
        return hop <= 0 ? watermarkMilliseconds : watermarkMilliseconds - ((watermarkMilliseconds % hop) + hop) % hop;
    }

    /// <summary>The begin of the window that ends at <see cref="End"/>.</summary>
    /// <param name="watermarkMilliseconds">Event time in milliseconds since 1970-01-01T00:00:00Z.</param>
    public long Begin(long watermarkMilliseconds) => End(watermarkMilliseconds) - (long)Length.TotalMilliseconds;
}
