using System.Text.Json.Nodes;

namespace Hybrid.Comparison.Experiments;

/// <summary>A fault to measure: of a service, of the input, or of both.</summary>
/// <param name="Name">Its name in the report.</param>
/// <param name="Description">The same in a sentence.</param>
internal sealed record FaultCase(string Name, string Description)
{
    /// <summary>As the sandbox's <c>POST /admin/faults</c> takes it; null for a fault that is in the input alone.</summary>
    public JsonObject? Fault { get; init; }

    /// <summary>Whether it lasts from the first due time on; otherwise from the middle of the replay for <see cref="Length"/>.</summary>
    public bool Throughout { get; init; }

    /// <summary>How long it lasts, wall time.</summary>
    public TimeSpan Length { get; init; }

    /// <summary>Which input it needs.</summary>
    public InputVariant Input { get; init; } = InputVariant.Plain;

    /// <summary>The services' options that belong to it.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}

/// <summary>What sets a generated input apart.</summary>
internal enum InputVariant
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>Every partition ends with a marker object.</summary>
    Markers,

    /// <summary>One line in fifty is no delta.</summary>
    Poison,

    /// <summary>One partition in the middle has twenty times the lines of the others.</summary>
    Burst,

    /// <summary>Most deltas are of one document.</summary>
    HotKey,
}
