using System.ComponentModel.DataAnnotations;
using Hybrid.Pipeline.Discovery;
using Hybrid.Pipeline.Lines;
using Hybrid.Pipeline.Planning;

namespace Hybrid.Pipeline.Lanes;

/// <summary>What the lanes have that read the object store themselves: direct, batch, and the repairing pass of hybrid (section <c>Objects</c>).</summary>
public sealed class ObjectLaneOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Objects";

    /// <summary>direct: how a partition is known to be done. batch goes by the clock.</summary>
    public CompletionMode Mode { get; set; } = CompletionMode.Rate;

    /// <summary><see cref="CompletionMode.Rate"/>: how long after its end a partition is taken to be done, wall time.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan SettleDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary><see cref="CompletionMode.Marker"/>: the name of the object in each partition that says that its writer has finished.</summary>
    [Required]
    [RegularExpression("[_.][^/]*", ErrorMessage = "must begin with _ or . and hold no slash, so that it is never taken for data")]
    public string Marker { get; set; } = DiscoverySettings.DefaultMarker;

    /// <summary><see cref="CompletionMode.Quiet"/>: in how many listings in a row, at least <see cref="PollInterval"/> apart, a partition looks the same.</summary>
    [Range(2, 1_000)]
    public int QuietListings { get; set; } = 3;

    /// <summary>direct: how often the object store is listed while no partition is due, wall time: how soon a late object is found.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many partitions behind the watermark are listed again for late and replaced objects; batch reads them again.</summary>
    [Range(0, 10_000)]
    public int OverlapPartitions { get; set; } = 12;

    /// <summary>Listing requests under way at once.</summary>
    [Range(1, 256)]
    public int ListParallelism { get; set; } = 8;

    /// <summary>The first partition when there is no cursor yet, event time; null for the earliest that is found.</summary>
    public DateTimeOffset? From { get; set; }

    /// <summary>Partitions that end after this are left alone, event time; null for no end.</summary>
    public DateTimeOffset? Until { get; set; }

    /// <summary>direct: partitions taken between two writes of the cursor at most, while catching up.</summary>
    [Range(1, 10_000)]
    public int CheckpointPartitions { get; set; } = 64;

    /// <summary>direct: after so many lines the cursor is written at the end of the partition, while catching up.</summary>
    [Range(1, 100_000_000)]
    public int CheckpointLines { get; set; } = 50_000;

    /// <summary>
    /// direct: how long an instance that lost the cursor to another stands by, wall time, until that one has not moved it for so long. Shorter:
    /// a killed instance is replaced sooner. Longer: two instances do the same work twice less often, which costs and harms nothing else.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan TakeoverDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The share of bad lines above which the lane stops, over the last <see cref="ErrorWindowLines"/> lines. 1 never stops.</summary>
    [Range(0.0, 1.0)]
    public double MaxErrorShare { get; set; } = 0.5;

    /// <summary>How many lines <see cref="MaxErrorShare"/> is taken over; with fewer the lane does not stop.</summary>
    [Range(1, 100_000_000)]
    public int ErrorWindowLines { get; set; } = 1_000;

    /// <summary>The longest line, bytes; a longer one ends in the dead letters with its first bytes.</summary>
    [Range(ObjectLineReader.KeptBytes, 64 * 1024 * 1024)]
    public int MaxLineBytes { get; set; } = ObjectLineReader.DefaultMaxLineBytes;

    /// <summary>Below which prefix, relative to <c>ObjectStore:Prefix</c>, the lanes keep their cursors and dead letters; it ends in a slash.</summary>
    [Required]
    [RegularExpression("(?:[^/]+/)+", ErrorMessage = "must end in a slash, and hold no empty part")]
    public string StatePrefix { get; set; } = "_hybrid/";
}
