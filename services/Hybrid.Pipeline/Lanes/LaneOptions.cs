using System.ComponentModel.DataAnnotations;

namespace Hybrid.Pipeline.Lanes;

/// <summary>What every Kafka lane has (section <c>Lane</c>).</summary>
public sealed class LaneOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Lane";

    /// <summary>What to do after a restart with what was missed.</summary>
    public RestartPolicy Restart { get; set; } = RestartPolicy.Resume;

    /// <summary>
    /// <see cref="RestartPolicy.Latest"/>: how much event time before now is read again, for lanes whose state needs a window. Attributes
    /// need none, so 0 goes to the end.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "31.00:00:00")]
    public TimeSpan LatestWindow { get; set; } = TimeSpan.Zero;

    /// <summary>
    /// Whether the lane takes what the topic holds when it begins, up to the ends of the partitions then, commits it and ends. What comes
    /// meanwhile is left to the next run.
    /// </summary>
    public bool AvailableNow { get; set; }

    /// <summary>
    /// micro-batch: a batch is written this long after its first record at the latest. With a <see cref="FreshnessTarget"/> it is where the
    /// interval begins.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// micro-batch: how old a record may be when it becomes searchable, from when its partition was due to close. The interval then grows and
    /// shrinks to hold it. Null keeps the interval as it is.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan? FreshnessTarget { get; set; }

    /// <summary>micro-batch: the shortest interval that a <see cref="FreshnessTarget"/> may lead to.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan MinInterval { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>micro-batch: records in a batch at most.</summary>
    [Range(1, 1_000_000)]
    public int MaxBatchRecords { get; set; } = 5_000;

    /// <summary>micro-batch: bytes of Kafka values in a batch at most.</summary>
    [Range(1_024, 1_073_741_824)]
    public long MaxBatchBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Documents in one update request at most.</summary>
    [Range(1, 100_000)]
    public int BulkDocuments { get; set; } = 500;

    /// <summary>Bytes of Kafka values in one update request at most; a larger record goes alone. In JSON they are about twice as many.</summary>
    [Range(1_024, 1_073_741_824)]
    public long BulkBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>micro-batch: update requests of one batch under way at once; a document is in one of them only.</summary>
    [Range(1, 256)]
    public int BatchRequests { get; set; } = 2;

    /// <summary>
    /// micro-batch: whether every batch that Solr has acknowledged is told of in the commit log. Its offsets are committed once that record is
    /// written; a commit log that cannot be written delays the lane once, by five seconds at most, and is left out until it can.
    /// </summary>
    public bool CommitLog { get; set; } = true;

    /// <summary>Records taken from Kafka and not yet acknowledged by Solr at most; past it the lane pauses its partitions.</summary>
    [Range(1, 10_000_000)]
    public int MaxInFlightRecords { get; set; } = 10_000;

    /// <summary>Bytes of Kafka values not yet acknowledged at most; past it the lane pauses its partitions.</summary>
    [Range(1_024, 4_294_967_296)]
    public long MaxInFlightBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>streaming: update requests under way at once.</summary>
    [Range(1, 256)]
    public int Pipelines { get; set; } = 4;

    /// <summary>How long a lane may be silent before the group gives its partitions to others: what a killed lane's successor waits.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A name of this instance that stays the same over restarts (Kafka's static membership, KIP-345): a killed lane that comes back under
    /// it takes its partitions at once. Its partitions also wait <see cref="SessionTimeout"/> for it when it stops. Null for none.
    /// </summary>
    public string? Instance { get; set; }

    /// <summary>
    /// How the members of a lane's group share the partitions; all members must have the same. Null is <see cref="LaneAssignor.Range"/> for an
    /// instance with a name (<see cref="Instance"/>) and <see cref="LaneAssignor.CooperativeSticky"/> for one without: a static member that
    /// restarts between the two steps of a cooperative rebalance is given back what it keeps, without another rebalance, and what it was giving
    /// up would belong to nobody until somebody joins or leaves.
    /// </summary>
    public LaneAssignor? Assignor { get; set; }

    /// <summary>The assignor that <see cref="Assignor"/> and <see cref="Instance"/> come to.</summary>
    public LaneAssignor SharedBy => Assignor ?? (Instance is null ? LaneAssignor.CooperativeSticky : LaneAssignor.Range);

    /// <summary>How often offsets are committed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a stopped lane may drain.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainDeadline { get; set; } = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Instance is not null && Assignor == LaneAssignor.CooperativeSticky)
        {
            yield return new ValidationResult(
                "CooperativeSticky leaves partitions to nobody when an instance with a name (Lane:Instance) restarts within a rebalance: take Range, or no name",
                [nameof(Assignor)]);
        }
    }
}

/// <summary>How the members of a lane's group share the partitions. A group cannot change over while members run: stop all, then start all.</summary>
public enum LaneAssignor
{
    /// <summary>Only partitions that change hands stop for a rebalance (KIP-429): the others, and their windows, go on.</summary>
    CooperativeSticky,

    /// <summary>Neighbouring partitions to one member; every partition stops for a rebalance, and every window is rebuilt after it.</summary>
    Range,
}

/// <summary>What to do after a restart with what was missed.</summary>
public enum RestartPolicy
{
    /// <summary>Take up everything from where it stopped: nothing is lost, and a backlog delays what is new.</summary>
    Resume,

    /// <summary>Go to the newest: fresh at once, and what was skipped stays stale until its next delta.</summary>
    Latest,
}
