namespace Hybrid.Contracts.Reports.Experiments;

/// <summary>One run of an experiment. Times are seconds of wall time since the run's first due time, unless they say otherwise.</summary>
public sealed record ExperimentRun
{
    /// <summary>Names the run in the whole report: <c>frontier/micro-batch/interval=1s/2</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The lane.</summary>
    public required string Lane { get; init; }

    /// <summary>What sets the run apart from the lane's others, such as <c>interval=1s</c>; empty for the lane as it is by default. Runs of one lane and point are repetitions.</summary>
    public required string Point { get; init; }

    /// <summary>Which repetition, from 1.</summary>
    public required int Repetition { get; init; }

    /// <summary>The point in parts: <c>interval</c>, <c>visibility</c>, <c>schedule</c>, <c>rate</c>, <c>restart</c>, <c>policy</c>, <c>fault</c>, <c>mode</c>.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>When its first partition was due, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>From its first due time until the lane had taken everything or gave up, seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Why its figures are in no summary; null when they are.</summary>
    public string? Discarded { get; init; }

    /// <summary>Due to searchable, seen by the observer, the warm-up left out.</summary>
    public Distribution? FreshnessSeconds { get; init; }

    /// <summary>The stages: the services' own, and <c>searchable</c> as the observer saw it.</summary>
    public required IReadOnlyDictionary<string, Distribution> Stages { get; init; }

    /// <summary>The distribution function of freshness: seconds and share, rising.</summary>
    public IReadOnlyList<CurvePoint> FreshnessCurve { get; init => field = value ?? []; } = [];

    /// <summary>How old what the index shows is: at each time the age of the oldest canary that is due and not seen yet, seconds; 0 when all are seen.</summary>
    public IReadOnlyList<CurvePoint> Staleness { get; init => field = value ?? []; } = [];

    /// <summary>The load offered, records per second.</summary>
    public double? OfferedRecordsPerSecond { get; init; }

    /// <summary>Records per second that the lane took, and its lag over the run.</summary>
    public required Throughput Throughput { get; init; }

    /// <summary>The trend of the records due and not yet searchable, as a share of the load: 0.01 means that of a hundred records one more was left behind. Below 0 it caught up.</summary>
    public double? LagGrowthShare { get; init; }

    /// <summary>Whether the lag trend stayed within 1 % of the load; null when the run was not one of load.</summary>
    public bool? Sustained { get; init; }

    /// <summary>What it used.</summary>
    public required Cost Cost { get; init; }

    /// <summary>What lane and publisher used while nothing came; null when it was not measured.</summary>
    public RestCost? Rest { get; init; }

    /// <summary>What each restart did.</summary>
    public IReadOnlyList<RestartReport> Restarts { get; init => field = value ?? []; } = [];

    /// <summary>What a fault did; null when there was none.</summary>
    public FaultReport? Fault { get; init; }

    /// <summary>Whether the index ended in the truth.</summary>
    public required TruthReport Truth { get; init; }

    /// <summary>Whether the counts add up.</summary>
    public required Accounting Accounting { get; init; }

    /// <summary>How quiet the machine was.</summary>
    public required NoiseReport Noise { get; init; }

    /// <summary>Disagreements and failures, one sentence each; empty when all is well.</summary>
    public IReadOnlyList<string> Errors { get; init => field = value ?? []; } = [];
}

/// <summary>What makes a run's figures doubtful, measured.</summary>
public sealed record NoiseReport
{
    /// <summary>How late the generator's puts began, 99th percentile, seconds.</summary>
    public double? GeneratorLatenessP99Seconds { get; init; }

    /// <summary>How late the worst of them began, seconds.</summary>
    public double? GeneratorLatenessMaxSeconds { get; init; }

    /// <summary>How long after its turn the observer asked, 99th percentile, seconds: what a sighting may be late by beyond the observer's interval.</summary>
    public double? ObserverLatenessP99Seconds { get; init; }

    /// <summary>The share of the machine's processor time that the hypervisor gave to others, 0 to 1.</summary>
    public double? StealShare { get; init; }

    /// <summary>The share of the machine's processor time that other processes of this machine used, 0 to 1.</summary>
    public double? OtherLoadShare { get; init; }

    /// <summary>The observer's and the generator's own processor time, as a share of the machine's, 0 to 1.</summary>
    public double? MeasuringShare { get; init; }
}

/// <summary>What was used while nothing came.</summary>
public sealed record RestCost
{
    /// <summary>For how long, seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>What the lane used in that time; counters are those of that time.</summary>
    public required Cost Cost { get; init; }
}

/// <summary>What a fault did.</summary>
public sealed record FaultReport
{
    /// <summary>Which one, such as <c>solr-stalled</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The same in a sentence.</summary>
    public required string Description { get; init; }

    /// <summary>When it began; null for one that is in the input.</summary>
    public double? FromSeconds { get; init; }

    /// <summary>When it ended; null for one that lasted.</summary>
    public double? ToSeconds { get; init; }

    /// <summary>Requests it hit, as the sandbox counted them; null for a fault that is in the input.</summary>
    public long? Hits { get; init; }

    /// <summary>The worst freshness from its begin on, seconds.</summary>
    public double? PeakStalenessSeconds { get; init; }

    /// <summary>From its end until freshness was back in its band, seconds.</summary>
    public double? CatchUpSeconds { get; init; }

    /// <summary>Canaries seen only after one of a later partition was: order lost across partitions.</summary>
    public long? OutOfOrder { get; init; }

    /// <summary>Times that a document went back to an older version before the reader's eyes.</summary>
    public long? Regressions { get; init; }
}
