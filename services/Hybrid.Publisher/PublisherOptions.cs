using System.ComponentModel.DataAnnotations;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Planning;

namespace Hybrid.Publisher;

/// <summary>The publisher (section <c>Publisher</c>).</summary>
public sealed class PublisherOptions : SourceReadingOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Publisher";

    /// <summary>
    /// A Kafka topic with the object store's S3 event messages (its own name: the topic prefix is not put before it): objects are found when
    /// they are told of, and the listings every <see cref="SourceReadingOptions.PollInterval"/> find what was not. Null for listings alone.
    /// </summary>
    public string? NotificationTopic { get; set; }

    /// <summary>From how long ago on the topic of notifications is read at a start, wall time; at least as long as a listing may lag.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan NotificationsSince { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>What to do after a restart with the partitions that were missed.</summary>
    public RestartPolicy Restart { get; set; } = RestartPolicy.Resume;

    /// <summary>Whether to return once <see cref="SourceReadingOptions.Until"/> is reached, instead of looking for late objects until stopped.</summary>
    public bool ExitWhenDone { get; set; }

    /// <summary>
    /// Publishes again from this partition on, event time, into <see cref="BackfillTopic"/> instead of the topic of deltas, and returns at
    /// <see cref="SourceReadingOptions.Until"/>, or else where the live publisher stood when this began. The live watermark stays as it is. Null for no backfill.
    /// </summary>
    public DateTimeOffset? BackfillFrom { get; set; }

    /// <summary>The topic of a backfill; the topic prefix is put before it.</summary>
    [Required]
    public string BackfillTopic { get; set; } = TopicNames.DefaultBackfill;

    /// <summary>
    /// Partitions published in one cycle at most, with <see cref="SourceReadingOptions.PollInterval"/> between cycles, so that catching up after an outage does
    /// not crowd out everybody else; null for as fast as it goes.
    /// </summary>
    [Range(1, 1_000_000)]
    public int? MaxPartitionsPerCycle { get; set; }

    /// <summary>Records (and dead letters) published in a second of wall time at most; null for as fast as it goes.</summary>
    [Range(1, 100_000_000)]
    public int? MaxRecordsPerSecond { get; set; }

    /// <summary>Which part of the source this publisher publishes, from 0 to <see cref="Shards"/> - 1.</summary>
    [Range(0, 255)]
    public int Shard { get; set; }

    /// <summary>How many publishers share the source, each by the hash of the objects' keys. Each lists everything and publishes its share.</summary>
    [Range(1, 256)]
    public int Shards { get; set; } = 1;

    /// <summary>Records and dead letters in one transaction at most: a larger object goes on in the next one.</summary>
    [Range(1, 100_000_000)]
    public int TransactionRecords { get; set; } = 500_000;

    /// <summary>Bytes of record values in one transaction at most: a larger object goes on in the next one.</summary>
    [Range(1_024, 17_179_869_184)]
    public long TransactionBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>Partitions share a transaction until it holds this many records and dead letters; a larger partition has its own.</summary>
    [Range(1, 100_000_000)]
    public int GroupRecords { get; set; } = 10_000;

    /// <summary>Partitions in one transaction at most; 1 for one each.</summary>
    [Range(1, 1_000_000)]
    public int GroupPartitions { get; set; } = 1_000;

    /// <summary>
    /// How far this machine's clock, the object store's and the monotonic one may be apart, wall time. Beyond it the publisher goes by the two
    /// that agree, or else by the least, and is not ready. Keep it below the wall time of <see cref="SourceReadingOptions.OverlapPartitions"/> partitions.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:02", "01:00:00")]
    public TimeSpan MaxClockError { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one transaction may take before the broker aborts it; the cluster's own limit is 15 minutes by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan TransactionTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    protected override string SectionName => Section;
}
