using System.ComponentModel.DataAnnotations;

namespace Hybrid.Pipeline.Measurement;

/// <summary>What a service says of itself (section <c>Measurement</c>).</summary>
public sealed class MeasurementOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Measurement";

    /// <summary>Where the status file goes; null for none.</summary>
    public string? StatusFile { get; set; }

    /// <summary>How often the status file is written, 50 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Whether all garbage is collected before the status file is written, so that the managed heap in it is what is alive: for finding out
    /// whether a service grows. It costs a pause each time.
    /// </summary>
    public bool CollectGarbage { get; set; }
}
