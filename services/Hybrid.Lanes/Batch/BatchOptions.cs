using System.ComponentModel.DataAnnotations;

namespace Hybrid.Lanes.Batch;

/// <summary>The scheduled lane, and the repairing pass of the hybrid lane (section <c>Batch</c>).</summary>
internal sealed class BatchOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Batch";

    /// <summary>
    /// When it runs, in event time, UTC: minute, hour, day of the month, month and day of the week as crontab has them, or <c>@hourly</c> and
    /// the like. What the schedule lets wait is stale for as long.
    /// </summary>
    [Required]
    public string Schedule { get; set; } = "0 * * * *";

    /// <summary>
    /// How much event time before its end each run reads and writes again: what was late, replaced or skipped by somebody else is set right
    /// within it. <c>Window:Length</c>, <c>Objects:OverlapPartitions</c> and whatever was missed since the last run are read in any case.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "31.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.Zero;

    /// <summary>Whether to run once, now, and return.</summary>
    public bool Once { get; set; }

    /// <summary>Indexes the partitions from this one on once more, event time, and returns; the cursor stays. With <see cref="To"/>.</summary>
    public DateTimeOffset? From { get; set; }

    /// <summary>The end of the range that <see cref="From"/> begins, event time.</summary>
    public DateTimeOffset? To { get; set; }

    /// <summary>
    /// Whether to build the whole index anew beside the one that readers use, to put it in its place at once, and to return. Not two at a time.
    /// </summary>
    public bool Rebuild { get; set; }
}
