using System.ComponentModel.DataAnnotations;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Formats;

namespace Hybrid.Comparison.Load.Generate;

/// <summary>What <see cref="PartitionGenerator"/> makes. The same options give the same bytes.</summary>
public sealed record GeneratorOptions
{
    /// <summary>The seed that everything random follows from.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The first partition's start, event time; a multiple of <see cref="Period"/>.</summary>
    public DateTimeOffset Start { get; init; } = new(2011, 12, 1, 8, 0, 0, TimeSpan.Zero);

    /// <summary>Partitions, 1 to 1 000 000.</summary>
    [Range(1, 1_000_000)]
    public int Partitions { get; init; } = 24;

    /// <summary>The partitions' length, one second to one day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Period { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The layout; see <see cref="PartitionLayout"/>.</summary>
    [Required]
    public string Layout { get; init; } = PartitionLayout.DefaultTemplate;

    /// <summary>Lines in a partition that is no burst, canaries left out.</summary>
    [Range(0, 100_000_000)]
    public int RecordsPerPartition { get; init; } = 1_000;

    /// <summary>Distinct documents, canaries left out.</summary>
    [Range(1, 10_000_000)]
    public int Documents { get; init; } = 10_000;

    /// <summary>The exponent of the Zipf distribution that documents are drawn from; 0 draws them evenly.</summary>
    [Range(0.0, 10.0)]
    public double ZipfExponent { get; init; } = 1.0;

    /// <summary>Every so many partitions one is a burst; 0 for none.</summary>
    [Range(0, 1_000_000)]
    public int BurstEvery { get; init; }

    /// <summary>How many times the lines of another partition a burst has.</summary>
    [Range(1.0, 1_000.0)]
    public double BurstFactor { get; init; } = 5;

    /// <summary>The share of partitions that have one more object, which lands late.</summary>
    [Range(0.0, 1.0)]
    public double LateShare { get; init; }

    /// <summary>How many partitions after its own a late object lands at most.</summary>
    [Range(1, 1_000)]
    public int MaxDelayPartitions { get; init; } = 2;

    /// <summary>The share of lines that are no delta.</summary>
    [Range(0.0, 1.0)]
    public double MalformedShare { get; init; }

    /// <summary>The share of lines that are deletes.</summary>
    [Range(0.0, 1.0)]
    public double DeleteShare { get; init; } = 0.01;

    /// <summary>The share of lines that are signals; what is neither malformed, delete nor signal is an upsert.</summary>
    [Range(0.0, 1.0)]
    public double SignalShare { get; init; } = 0.2;

    /// <summary>Canaries in a partition, on top of its other lines.</summary>
    [Range(0, 1_000)]
    public int CanariesPerPartition { get; init; } = 5;

    /// <summary>Objects in a partition, late ones left out.</summary>
    [Range(1, 1_000)]
    public int ObjectsPerPartition { get; init; } = 1;

    /// <summary>How objects hold their records.</summary>
    public SourceFormat Format { get; init; } = SourceFormat.Ndjson;

    /// <summary>How objects are compressed.</summary>
    public ObjectCompression Compression { get; init; } = ObjectCompression.Gzip;
}
