using Hybrid.Contracts.Lanes;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Experiments;

/// <summary>Which lanes there are, and which of them this build has.</summary>
public static class LaneCatalog
{
    /// <summary>All lanes, in the order of the report.</summary>
    public static IReadOnlyList<LaneEntry> All { get; } =
    [
        new(LaneNames.MicroBatch, null, Windows: true),
        new(LaneNames.Streaming, null, Windows: true),
#if STREAMIZ
        new(LaneNames.Streamiz, null, Windows: true),
#else
        new(LaneNames.Streamiz, "this build has it not, since the NuGet feed does not serve Streamiz.Kafka.Net"),
#endif
        new(LaneNames.Hybrid, null, Windows: true),
        new(LaneNames.Direct, null, Windows: true, ReadsObjects: true),
        new(LaneNames.Batch, null, Windows: true, ReadsObjects: true),
    ];

    /// <summary>The names of the lanes that this build has.</summary>
    public static IReadOnlyList<string> Available => [.. All.Where(lane => lane.Missing is null).Select(lane => lane.Name)];

    /// <summary>Whether a lane counts signals over a window.</summary>
    /// <param name="name">The lane.</param>
    public static bool HasWindows(string name) => All.Any(lane => lane.Name == name && lane.Windows);

    /// <summary>Whether a lane reads the object store itself, so that it needs neither publisher nor Kafka.</summary>
    /// <param name="name">The lane.</param>
    public static bool ReadsObjects(string name) => All.Any(lane => lane.Name == name && lane.ReadsObjects);

    /// <summary>Checks that lanes are there.</summary>
    /// <param name="names">The lanes asked for.</param>
    /// <exception cref="HybridException">One is unknown, not in this build or named twice, or there is none.</exception>
    public static void Check(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count == 0)
        {
            throw HybridException.WrongCall($"no lane is named: give --lanes with some of {string.Join(", ", Available)}");
        }

        foreach (var name in names)
        {
            var entry = All.FirstOrDefault(lane => lane.Name == name)
                ?? throw HybridException.WrongCall($"there is no lane '{name}': the lanes are {string.Join(", ", Available)}");
            if (entry.Missing is { } reason)
            {
                throw HybridException.WrongCall($"the lane '{name}' cannot run: {reason}; this build has {string.Join(", ", Available)}");
            }
        }

        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw HybridException.WrongCall($"the lane '{twice.Key}' is named twice: name each lane once");
        }
    }
}

/// <summary>A lane.</summary>
/// <param name="Name">Its name, one of <see cref="LaneNames"/>.</param>
/// <param name="Missing">Why this build cannot run it, or null when it can.</param>
/// <param name="Windows">Whether it counts signals over a window; the truth of the others is their attributes alone.</param>
/// <param name="ReadsObjects">Whether it reads the object store itself, without publisher and Kafka.</param>
public sealed record LaneEntry(string Name, string? Missing, bool Windows = false, bool ReadsObjects = false);
