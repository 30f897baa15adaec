namespace Hybrid.Contracts.Reports.Experiments;

/// <summary>What the repetitions of one lane at one point say together.</summary>
public sealed record PointSummary
{
    /// <summary>The lane.</summary>
    public required string Lane { get; init; }

    /// <summary>The point, as in <see cref="ExperimentRun.Point"/>.</summary>
    public required string Point { get; init; }

    /// <summary>The point in parts, as in <see cref="ExperimentRun.Settings"/>.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>The runs that count, by <see cref="ExperimentRun.Id"/>.</summary>
    public required IReadOnlyList<string> Runs { get; init; }

    /// <summary>How many were discarded.</summary>
    public int Discarded { get; init; }

    /// <summary>Freshness over the samples of all runs that count, merged.</summary>
    public Distribution? FreshnessSeconds { get; init; }

    /// <summary>The stages over the samples of all runs that count, merged.</summary>
    public required IReadOnlyDictionary<string, Distribution> Stages { get; init; }

    /// <summary>Figures over the runs, by their name in <see cref="FigureNames"/>; what was measured in no run is absent.</summary>
    public required IReadOnlyDictionary<string, Estimate> Figures { get; init; }

    /// <summary><c>frontier</c>: no other point is both fresher (p99) and cheaper. Null where it does not apply or was not measured.</summary>
    public bool? OnFront { get; init; }

    /// <summary><c>cost</c>: whether the freshness target was met. Null elsewhere.</summary>
    public bool? MetTarget { get; init; }

    /// <summary>Whether every run that counts converged and its counts add up.</summary>
    public required bool Converged { get; init; }

    /// <summary>Why nothing may be concluded from this point; null when something may.</summary>
    public string? Inconclusive { get; init; }
}

/// <summary>A figure over repetitions.</summary>
public sealed record Estimate
{
    /// <summary>The mean of the runs' figures.</summary>
    public required double Mean { get; init; }

    /// <summary>The median of the runs' figures.</summary>
    public required double Median { get; init; }

    /// <summary>The lowest run's.</summary>
    public required double Min { get; init; }

    /// <summary>The highest run's.</summary>
    public required double Max { get; init; }

    /// <summary>The lower end of the mean's 95 % confidence interval (Student's t over the runs' figures); null with fewer than two runs.</summary>
    public double? Low { get; init; }

    /// <summary>The upper end of the same.</summary>
    public double? High { get; init; }

    /// <summary>How many runs it is of.</summary>
    public required int Runs { get; init; }
}

/// <summary>The names of the figures in <see cref="PointSummary.Figures"/>; each ends in its unit.</summary>
public static class FigureNames
{
    /// <summary>Freshness by the observer, median of a run.</summary>
    public const string FreshnessP50 = "freshnessP50Seconds";

    /// <summary>Freshness by the observer, 95th percentile of a run.</summary>
    public const string FreshnessP95 = "freshnessP95Seconds";

    /// <summary>Freshness by the observer, 99th percentile of a run.</summary>
    public const string FreshnessP99 = "freshnessP99Seconds";

    /// <summary>Records per second made searchable.</summary>
    public const string Throughput = "recordsPerSecond";

    /// <summary>The highest rate sustained.</summary>
    public const string SustainableRate = "sustainableRecordsPerSecond";

    /// <summary>The lag trend as a share of the load.</summary>
    public const string LagGrowth = "lagGrowthShare";

    /// <summary>The lane's processor time.</summary>
    public const string CoreSeconds = "coreSeconds";

    /// <summary>The lane's processor time per million records of the input.</summary>
    public const string CoreSecondsPerMillion = "coreSecondsPerMillionRecords";

    /// <summary>The publisher's processor time.</summary>
    public const string PublisherCoreSeconds = "publisherCoreSeconds";

    /// <summary>The stack's processor time (the sandbox's: broker, registry, object store and Solr together).</summary>
    public const string StackCoreSeconds = "stackCoreSeconds";

    /// <summary>The lane's highest resident memory.</summary>
    public const string PeakMemory = "peakMemoryBytes";

    /// <summary>The lane's requests to Kafka.</summary>
    public const string KafkaRequests = "kafkaRequests";

    /// <summary>Bytes the lane received from Kafka.</summary>
    public const string KafkaBytes = "kafkaBytesReceived";

    /// <summary>Requests to the object store.</summary>
    public const string ObjectStoreRequests = "objectStoreRequests";

    /// <summary>Update requests to Solr.</summary>
    public const string SolrRequests = "solrRequests";

    /// <summary>Documents sent to Solr.</summary>
    public const string SolrDocuments = "solrDocuments";

    /// <summary>Bytes sent to Solr.</summary>
    public const string SolrBytes = "solrBytesSent";

    /// <summary>Solr's commits.</summary>
    public const string SolrCommits = "solrCommits";

    /// <summary>The lane's offset commits.</summary>
    public const string OffsetCommits = "offsetCommits";

    /// <summary>The lane's processor time for an hour in which nothing comes.</summary>
    public const string RestCoreSecondsPerHour = "restCoreSecondsPerHour";

    /// <summary>The publisher's processor time for an hour in which nothing comes.</summary>
    public const string RestPublisherCoreSecondsPerHour = "restPublisherCoreSecondsPerHour";

    /// <summary>The lane's requests (Kafka, object store and Solr) for an hour in which nothing comes.</summary>
    public const string RestRequestsPerHour = "restRequestsPerHour";

    /// <summary>The lane's resident memory while nothing comes.</summary>
    public const string RestMemory = "restMemoryBytes";

    /// <summary>From the signal until it was noticed that the process was gone.</summary>
    public const string Detection = "detectionSeconds";

    /// <summary>From the signal until the new process was running.</summary>
    public const string Downtime = "downtimeSeconds";

    /// <summary>From the signal (of a fault: its end) until freshness was back in its band.</summary>
    public const string CatchUp = "catchUpSeconds";

    /// <summary>The worst freshness through a restart or a fault.</summary>
    public const string PeakStaleness = "peakStalenessSeconds";

    /// <summary>Records consumed a second time.</summary>
    public const string Replayed = "replayedRecords";

    /// <summary>Records that a <c>latest</c> restart passed over.</summary>
    public const string Skipped = "skippedRecords";

    /// <summary>Documents of the truth that are missing or stale in the end.</summary>
    public const string Lost = "lostDocuments";

    /// <summary>Records in the topic more than once.</summary>
    public const string Duplicated = "duplicatedRecords";

    /// <summary>Canaries seen only after one of a later partition.</summary>
    public const string OutOfOrder = "outOfOrderCanaries";
}
