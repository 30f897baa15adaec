using System.Text.Json.Serialization;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Contracts.Reports;

/// <summary>The content of <c>report.json</c>. A figure that was not measured is null and left out, never 0; a list that is left out is read as empty. Times are seconds of wall time.</summary>
public sealed record ComparisonReport
{
    /// <summary>The version of this format; <c>contracts/report.schema.json</c> describes it.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>How it was run.</summary>
    public required RunInfo Run { get; init; }

    /// <summary>What went in.</summary>
    public required InputInfo Input { get; init; }

    /// <summary>One entry a lane, in the order they ran. Where experiments were made, the run of each lane whose freshness (p99) is in the middle.</summary>
    public required IReadOnlyList<LaneReport> Lanes { get; init; }

    /// <summary>The experiments made, in the order they ran; empty when lanes were only run once each.</summary>
    public IReadOnlyList<ExperimentReport> Experiments { get; init => field = value ?? []; } = [];

    /// <summary>What the figures say, in sentences; null when they settle nothing.</summary>
    public Decision? Decision { get; init; }
}

/// <summary>How a comparison was run.</summary>
public sealed record RunInfo
{
    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took, seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Hybrid's version.</summary>
    public required string Version { get; init; }

    /// <summary>The command line, as it can be repeated.</summary>
    public required string Command { get; init; }

    /// <summary>Wall time between two partitions' due times, seconds.</summary>
    public required double PaceSeconds { get; init; }

    /// <summary>Which parts ran in the sandbox and which were external: kafka, registry, objectStore, solr.</summary>
    public required IReadOnlyDictionary<string, string> Stack { get; init; }

    /// <summary>Adapters and settings that shape the figures, such as <c>solr.adapter</c> or <c>solr.visibility</c>.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>The seed of whatever was random; null when nothing was.</summary>
    public long? Seed { get; init; }

    /// <summary>The machine.</summary>
    public required MachineInfo Machine { get; init; }

    /// <summary>What makes the figures doubtful, one sentence each; empty when nothing does.</summary>
    public IReadOnlyList<string> Warnings { get; init => field = value ?? []; } = [];
}

/// <summary>The machine a comparison ran on.</summary>
/// <param name="Cores">Logical processors.</param>
/// <param name="MemoryBytes">Physical memory, bytes.</param>
/// <param name="OperatingSystem">Name and version.</param>
/// <param name="Runtime">The .NET runtime's version.</param>
public sealed record MachineInfo(int Cores, long MemoryBytes, string OperatingSystem, string Runtime);

/// <summary>What went into a comparison. Lines = records + dead letters.</summary>
public sealed record InputInfo
{
    /// <summary>Where it came from.</summary>
    public required string Source { get; init; }

    /// <summary>Partitions replayed.</summary>
    public required long Partitions { get; init; }

    /// <summary>Objects in them.</summary>
    public required long Objects { get; init; }

    /// <summary>Lines in the objects.</summary>
    public required long Lines { get; init; }

    /// <summary>Lines that are deltas.</summary>
    public required long Records { get; init; }

    /// <summary>Lines that are not, and must end as dead letters.</summary>
    public required long DeadLetters { get; init; }

    /// <summary>Distinct documents visible in the truth at the end.</summary>
    public required long Documents { get; init; }

    /// <summary>The first partition's name.</summary>
    public required string FirstPartition { get; init; }

    /// <summary>The last partition's name.</summary>
    public required string LastPartition { get; init; }
}

/// <summary>What was measured of one lane.</summary>
public sealed record LaneReport
{
    /// <summary>The lane's name.</summary>
    public required string Name { get; init; }

    /// <summary>Due to searchable, seen from outside by the observer; null when no canary was seen.</summary>
    public Distribution? FreshnessSeconds { get; init; }

    /// <summary>The lane's own stages, due to each, by name: landed, discovered, published, consumed, posted, acknowledged, searchable.</summary>
    public required IReadOnlyDictionary<string, Distribution> Stages { get; init; }

    /// <summary>The distribution function of freshness for the chart: seconds and share, rising.</summary>
    public required IReadOnlyList<CurvePoint> FreshnessCurve { get; init; }

    /// <summary>Records a second and lag.</summary>
    public required Throughput Throughput { get; init; }

    /// <summary>What it used.</summary>
    public required Cost Cost { get; init; }

    /// <summary>What each restart did; empty when there was none.</summary>
    public required IReadOnlyList<RestartReport> Restarts { get; init; }

    /// <summary>Whether the index ended in the truth.</summary>
    public required TruthReport Truth { get; init; }

    /// <summary>Lines read, records and dead letters, as the services counted them.</summary>
    public required Accounting Accounting { get; init; }

    /// <summary>Disagreements and failures, one sentence each; empty when all is well.</summary>
    public IReadOnlyList<string> Errors { get; init => field = value ?? []; } = [];
}

/// <summary>Percentiles of a set of samples, seconds.</summary>
public sealed record Distribution
{
    /// <summary>Median.</summary>
    public required double P50 { get; init; }

    /// <summary>95th percentile.</summary>
    public required double P95 { get; init; }

    /// <summary>99th percentile.</summary>
    public required double P99 { get; init; }

    /// <summary>Greatest.</summary>
    public required double Max { get; init; }

    /// <summary>How many samples.</summary>
    public required long Samples { get; init; }

    /// <summary>Samples below zero, left out of the percentiles.</summary>
    public long Negative { get; init; }
}

/// <summary>A point of a curve.</summary>
/// <param name="X">Usually seconds.</param>
/// <param name="Y">The value.</param>
[JsonConverter(typeof(CurvePointConverter))]
public sealed record CurvePoint(double X, double Y);

/// <summary>Records a second and lag.</summary>
public sealed record Throughput
{
    /// <summary>Records the lane consumed.</summary>
    public required long Records { get; init; }

    /// <summary>Records per second between the first due time and the last visible canary; null when not measured.</summary>
    public double? RecordsPerSecond { get; init; }

    /// <summary>Lag in records over the run: seconds since the first due time, records.</summary>
    public required IReadOnlyList<CurvePoint> Lag { get; init; }

    /// <summary>
    /// The interval of micro-batch over the run: seconds since the first due time, seconds; its first value, every change and the end. Null
    /// for other lanes, and where it never changed.
    /// </summary>
    public IReadOnlyList<CurvePoint>? BatchInterval { get; init; }
}

/// <summary>What a lane's run used. The publisher's part is apart, since lanes share it.</summary>
public sealed record Cost
{
    /// <summary>The lane's processor time, core-seconds.</summary>
    public double? CoreSeconds { get; init; }

    /// <summary>The same per million records.</summary>
    public double? CoreSecondsPerMillionRecords { get; init; }

    /// <summary>The publisher's processor time in this run, core-seconds.</summary>
    public double? PublisherCoreSeconds { get; init; }

    /// <summary>The lane's highest resident memory, bytes.</summary>
    public long? PeakMemoryBytes { get; init; }

    /// <summary>The publisher's highest resident memory, bytes.</summary>
    public long? PublisherPeakMemoryBytes { get; init; }

    /// <summary>The lane's requests to Kafka.</summary>
    public long? KafkaRequests { get; init; }

    /// <summary>Records in Kafka for this run.</summary>
    public long? KafkaRecords { get; init; }

    /// <summary>Bytes the lane received from Kafka.</summary>
    public long? KafkaBytesReceived { get; init; }

    /// <summary>Requests to the object store, by the publisher and the lane.</summary>
    public long? ObjectStoreRequests { get; init; }

    /// <summary>The lane's update requests to Solr.</summary>
    public long? SolrRequests { get; init; }

    /// <summary>Documents the lane sent to Solr.</summary>
    public long? SolrDocuments { get; init; }

    /// <summary>Bytes the lane sent to Solr.</summary>
    public long? SolrBytesSent { get; init; }

    /// <summary>Times that Solr committed (soft, hard and of itself) in the lane's collection.</summary>
    public long? SolrCommits { get; init; }

    /// <summary>The stack's processor time in this run, core-seconds: broker, registry, object store and Solr together; null when it is not the sandbox.</summary>
    public double? StackCoreSeconds { get; init; }

    /// <summary>The lane's offset commits.</summary>
    public long? OffsetCommits { get; init; }
}

/// <summary>What one restart did.</summary>
public sealed record RestartReport
{
    /// <summary><c>publisher</c> or a lane's name.</summary>
    public required string Target { get; init; }

    /// <summary><c>kill</c> (SIGKILL) or <c>stop</c> (SIGTERM).</summary>
    public required string Kind { get; init; }

    /// <summary>When, seconds since the first due time.</summary>
    public required double AtSeconds { get; init; }

    /// <summary>How the process was to go on: <c>resume</c> or <c>latest</c>.</summary>
    public string? Policy { get; init; }

    /// <summary>How long the process was kept away on purpose, seconds; null when it was started again at once.</summary>
    public double? OutageSeconds { get; init; }

    /// <summary>From the signal until the process was seen to be gone, seconds: after a kill that of the operating system, after a stop the draining.</summary>
    public double? DetectionSeconds { get; init; }

    /// <summary>Records that were due and not searchable when the new process was running.</summary>
    public long? BacklogRecords { get; init; }

    /// <summary>From the signal until the new process was running, seconds.</summary>
    public double? DowntimeSeconds { get; init; }

    /// <summary>From the signal until freshness was back in its band, seconds.</summary>
    public double? CatchUpSeconds { get; init; }

    /// <summary>The worst freshness through it, seconds.</summary>
    public double? PeakStalenessSeconds { get; init; }

    /// <summary>Records consumed a second time.</summary>
    public long? Replayed { get; init; }

    /// <summary>Records that a <c>latest</c> restart passed over.</summary>
    public long? Skipped { get; init; }

    /// <summary>Documents that were missing or stale in the index in the end.</summary>
    public long? Lost { get; init; }

    /// <summary>Records that were in the topic more than once in the end.</summary>
    public long? Duplicated { get; init; }

    /// <summary>Whether the index ended in the truth.</summary>
    public bool? Converged { get; init; }
}

/// <summary>Whether an index ended in the truth.</summary>
public sealed record TruthReport
{
    /// <summary>True when nothing is missing, stale or extra.</summary>
    public required bool Converged { get; init; }

    /// <summary>Documents of the truth that are not in the index.</summary>
    public required long Missing { get; init; }

    /// <summary>Documents whose attributes or version differ from the truth.</summary>
    public required long Stale { get; init; }

    /// <summary>Documents in the index that the truth does not have.</summary>
    public required long Extra { get; init; }

    /// <summary>Documents compared.</summary>
    public required long Documents { get; init; }

    /// <summary>A few of the differences, one line each.</summary>
    public IReadOnlyList<string> Examples { get; init => field = value ?? []; } = [];
}

/// <summary>The counts that must add up: lines read = records published + dead letters.</summary>
public sealed record Accounting
{
    /// <summary>Lines in the input.</summary>
    public required long LinesRead { get; init; }

    /// <summary>Records that a <c>read_committed</c> reader finds in the deltas topic, control records left out.</summary>
    public required long Records { get; init; }

    /// <summary>Records that it finds in the dead letter topic.</summary>
    public required long DeadLetters { get; init; }

    /// <summary>Records found more than once (same document and version).</summary>
    public required long Duplicates { get; init; }

    /// <summary>Whether lines read = records + dead letters and nothing is there twice.</summary>
    [JsonIgnore]
    public bool AddsUp => LinesRead == Records + DeadLetters && Duplicates == 0;
}

/// <summary>What the figures say.</summary>
/// <param name="Summary">One sentence for the first screen.</param>
/// <param name="Reasons">The measured reasons, one sentence each.</param>
/// <param name="NotMeasured">What would be needed to say more.</param>
public sealed record Decision(string Summary, IReadOnlyList<string> Reasons, IReadOnlyList<string> NotMeasured);
