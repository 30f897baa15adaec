using System.ComponentModel.DataAnnotations;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Publisher;

/// <summary>The publisher (section <c>Publisher</c>).</summary>
public sealed class PublisherOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Publisher";

    /// <summary>
    /// How long after its end a partition is taken to be done, wall time. Longer: fewer objects are late. Shorter: everything is fresher,
    /// and an object that lands after it is published by a transaction of its own.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan SettleDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often the object store is listed while no partition is due, wall time: how soon a late object is found.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many partitions behind the watermark are listed again for late and replaced objects. Older objects are not seen.</summary>
    [Range(0, 10_000)]
    public int OverlapPartitions { get; set; } = 12;

    /// <summary>What to do after a restart with the partitions that were missed.</summary>
    public RestartPolicy Restart { get; set; } = RestartPolicy.Resume;

    /// <summary>The first partition when the source has no watermark yet, event time; null for the earliest that is found.</summary>
    public DateTimeOffset? From { get; set; }

    /// <summary>Partitions that end after this are left alone, event time; null for no end.</summary>
    public DateTimeOffset? Until { get; set; }

    /// <summary>Whether to return once <see cref="Until"/> is reached, instead of looking for late objects until stopped.</summary>
    public bool ExitWhenDone { get; set; }

    /// <summary>The longest line, bytes; a longer one ends in the dead letters with its first bytes.</summary>
    [Range(ObjectLineReader.KeptBytes, 64 * 1024 * 1024)]
    public int MaxLineBytes { get; set; } = ObjectLineReader.DefaultMaxLineBytes;

    /// <summary>How long one transaction may take before the broker aborts it; the cluster's own limit is 15 minutes by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan TransactionTimeout { get; set; } = TimeSpan.FromMinutes(5);
}
