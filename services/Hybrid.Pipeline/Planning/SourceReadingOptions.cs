using System.ComponentModel.DataAnnotations;
using Hybrid.Pipeline.Discovery;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Pipeline.Planning;

/// <summary>How whoever reads a source's partitions finds their objects, knows that they are done, and bounds what it reads.</summary>
public abstract class SourceReadingOptions
{
    /// <summary>How a partition is known to be done.</summary>
    public CompletionMode Mode { get; set; } = CompletionMode.Rate;

    /// <summary>
    /// <see cref="CompletionMode.Rate"/>: how long after its end a partition is taken to be done, wall time. Longer: fewer objects are late.
    /// Shorter: everything is fresher, and an object that lands after it is taken by itself.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan SettleDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary><see cref="CompletionMode.Marker"/>: the name of the object in each partition that says that its writer has finished.</summary>
    [Required]
    [RegularExpression("[_.][^/]*", ErrorMessage = "must begin with _ or . and hold no slash, so that it is never taken for data")]
    public string Marker { get; set; } = DiscoverySettings.DefaultMarker;

    /// <summary><see cref="CompletionMode.Quiet"/>: in how many listings in a row, at least <see cref="PollInterval"/> apart, a partition looks the same.</summary>
    [Range(2, 1_000)]
    public int QuietListings { get; set; } = 3;

    /// <summary>How often the object store is listed while no partition is due, wall time: how soon a late object is found.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many partitions behind the watermark are listed again for late and replaced objects. Older objects are not seen.</summary>
    [Range(0, 10_000)]
    public int OverlapPartitions { get; set; } = 12;

    /// <summary>Listing requests under way at once.</summary>
    [Range(1, 256)]
    public int ListParallelism { get; set; } = 8;

    /// <summary>The first partition when the source has no watermark or cursor yet, event time; null for the earliest that is found.</summary>
    public DateTimeOffset? From { get; set; }

    /// <summary>Partitions that end after this are left alone, event time; null for no end.</summary>
    public DateTimeOffset? Until { get; set; }

    /// <summary>
    /// The share of bad lines above which reading stops, instead of pouring a source that turned to garbage into the dead letters. It is
    /// taken over the last <see cref="ErrorWindowLines"/> lines. 1 never stops.
    /// </summary>
    [Range(0.0, 1.0)]
    public double MaxErrorShare { get; set; } = 0.5;

    /// <summary>How many lines <see cref="MaxErrorShare"/> is taken over; with fewer reading does not stop.</summary>
    [Range(1, 100_000_000)]
    public int ErrorWindowLines { get; set; } = 1_000;

    /// <summary>The longest line, bytes; a longer one ends in the dead letters with its first bytes.</summary>
    [Range(ObjectLineReader.KeptBytes, 64 * 1024 * 1024)]
    public int MaxLineBytes { get; set; } = ObjectLineReader.DefaultMaxLineBytes;

    /// <summary>The configuration section, as messages name a setting.</summary>
    protected abstract string SectionName { get; }

    /// <summary>What knows that a partition is done, by <see cref="Mode"/>.</summary>
    internal ICompletion CreateCompletion(EventClock clock) => Mode switch
    {
        CompletionMode.Marker => new MarkerCompletion(clock),
        CompletionMode.Quiet => new QuietCompletion(clock, QuietListings),
        _ => new RateCompletion(clock, SettleDelay),
    };

    /// <summary>How objects are listed.</summary>
    internal DiscoverySettings CreateDiscoverySettings() => new()
    {
        Parallelism = ListParallelism,
        Marker = Marker,
        AtLeastPartitions = OverlapPartitions + 1,
    };

    /// <summary>What stops a source that turns to garbage.</summary>
    internal ErrorShareGuard CreateErrorShareGuard() => new(MaxErrorShare, ErrorWindowLines, $"{SectionName}:{nameof(MaxErrorShare)}");
}
