using System.ComponentModel.DataAnnotations;

namespace Hybrid.Pipeline.Lanes;

/// <summary>What every Kafka lane has (section <c>Lane</c>).</summary>
public sealed class LaneOptions
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

    /// <summary>micro-batch: a batch is written this long after its first record at the latest.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>micro-batch: records in a batch at most.</summary>
    [Range(1, 1_000_000)]
    public int MaxBatchRecords { get; set; } = 5_000;

    /// <summary>micro-batch: bytes of Kafka values in a batch at most.</summary>
    [Range(1_024, 1_073_741_824)]
    public long MaxBatchBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Documents in one update request at most.</summary>
    [Range(1, 100_000)]
    public int BulkDocuments { get; set; } = 500;

    /// <summary>micro-batch: update requests of one batch under way at once; a document is in one of them only.</summary>
    [Range(1, 256)]
    public int BatchRequests { get; set; } = 2;

    /// <summary>Records taken from Kafka and not yet acknowledged by Solr at most; past it the lane pauses its partitions.</summary>
    [Range(1, 10_000_000)]
    public int MaxInFlightRecords { get; set; } = 20_000;

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

    /// <summary>How often offsets are committed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a stopped lane may drain.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainDeadline { get; set; } = TimeSpan.FromSeconds(20);
}

/// <summary>What to do after a restart with what was missed.</summary>
public enum RestartPolicy
{
    /// <summary>Take up everything from where it stopped: nothing is lost, and a backlog delays what is new.</summary>
    Resume,

    /// <summary>Go to the newest: fresh at once, and what was skipped stays stale until its next delta.</summary>
    Latest,
}
