using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Formats;

namespace Hybrid.Comparison.Load.Import;

/// <summary>What <see cref="OnlineRetailImporter"/> imports.</summary>
public sealed record ImportOptions
{
    /// <summary>The directory that holds one file a day, <c>YYYY-MM-DD.csv.gz</c> or <c>YYYY-MM-DD.csv</c>.</summary>
    public required string InputDirectory { get; init; }

    /// <summary>The first day, inclusive; null for the first there is.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The last day, inclusive; null for the last there is.</summary>
    public DateOnly? To { get; init; }

    /// <summary>The partitions' length, one second to one day.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The layout; see <see cref="PartitionLayout"/>.</summary>
    public string Layout { get; init; } = PartitionLayout.DefaultTemplate;

    /// <summary>How objects hold their records.</summary>
    public SourceFormat Format { get; init; } = SourceFormat.Ndjson;

    /// <summary>How objects are compressed.</summary>
    public ObjectCompression Compression { get; init; } = ObjectCompression.Gzip;
}
