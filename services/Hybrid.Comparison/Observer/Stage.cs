using Hybrid.Contracts.Measurement;

namespace Hybrid.Comparison.Observer;

/// <summary>The stages of a record's way, each measured from the time its partition was due.</summary>
internal static class Stage
{
    public const string Landed = "landed";
    public const string Discovered = "discovered";
    public const string Published = "published";
    public const string Consumed = "consumed";
    public const string Posted = "posted";
    public const string Acknowledged = "acknowledged";
    public const string Searchable = "searchable";

    /// <summary>The stages that services measure themselves, with their instruments, in the order of the way.</summary>
    public static IReadOnlyList<(string Name, string Instrument)> Measured { get; } =
    [
        (Landed, Instruments.FreshnessLanded),
        (Discovered, Instruments.FreshnessDiscovered),
        (Published, Instruments.FreshnessPublished),
        (Consumed, Instruments.FreshnessConsumed),
        (Posted, Instruments.FreshnessPosted),
        (Acknowledged, Instruments.FreshnessAcknowledged),
    ];
}
