namespace Hybrid.Comparison.Evidence;

/// <summary>What a lane's run used, scaled so that runs of other sizes can be compared; null is not measured.</summary>
internal sealed record Consumption
{
    /// <summary>The lane's core-seconds per million records.</summary>
    public Measured? CoreSecondsPerMillion { get; init; }

    /// <summary>The publisher's core-seconds per million records.</summary>
    public double? PublisherCoreSecondsPerMillion { get; init; }

    /// <summary>The lane's highest resident memory, bytes.</summary>
    public double? PeakMemoryBytes { get; init; }

    /// <summary>The publisher's highest resident memory, bytes.</summary>
    public double? PublisherPeakMemoryBytes { get; init; }

    /// <summary>Documents sent to Solr per record.</summary>
    public double? SolrDocumentsPerRecord { get; init; }

    /// <summary>Update requests to Solr per second of the run.</summary>
    public double? SolrRequestsPerSecond { get; init; }

    /// <summary>Update requests to Solr per partition.</summary>
    public double? SolrRequestsPerPartition { get; init; }

    /// <summary>Solr's commits per partition.</summary>
    public double? SolrCommitsPerPartition { get; init; }

    /// <summary>Bytes of Kafka per record.</summary>
    public double? KafkaBytesPerRecord { get; init; }

    /// <summary>Requests to the object store per partition, by publisher and lane.</summary>
    public double? StoreRequestsPerPartition { get; init; }

    /// <summary>The lane's cores while nothing comes.</summary>
    public double? RestCores { get; init; }

    /// <summary>The publisher's cores while nothing comes.</summary>
    public double? RestPublisherCores { get; init; }
}
