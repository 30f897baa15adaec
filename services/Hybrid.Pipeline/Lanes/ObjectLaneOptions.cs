using System.ComponentModel.DataAnnotations;
using Hybrid.Pipeline.Planning;

namespace Hybrid.Pipeline.Lanes;

/// <summary>
/// What the lanes have that read the object store themselves: direct, batch, and the repairing pass of hybrid (section <c>Objects</c>). The
/// completion mode and the poll interval are direct's: batch goes by the clock and its schedule, and reads the overlap again each time.
/// </summary>
public sealed class ObjectLaneOptions : SourceReadingOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Objects";

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

    /// <summary>Below which prefix, relative to <c>ObjectStore:Prefix</c>, the lanes keep their cursors and dead letters; it ends in a slash.</summary>
    [Required]
    [RegularExpression("(?:[^/]+/)+", ErrorMessage = "must end in a slash, and hold no empty part")]
    public string StatePrefix { get; set; } = "_hybrid/";

    /// <inheritdoc/>
    protected override string SectionName => Section;
}
