using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hybrid.Contracts.Partitions;

/// <summary>What is known of a set of partitions beyond their names: the file <see cref="FileName"/> at their root, written by whoever made them.</summary>
public sealed record InputManifest
{
    /// <summary>The file's name. It is not an object of any partition and is not replayed.</summary>
    public const string FileName = "hybrid-input.json";

    /// <summary>How the partitions are named; see <see cref="PartitionLayout"/>.</summary>
    public required string Layout { get; init; }

    /// <summary>The partitions' length, one second to one day.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>The seed of the generator; null when nothing was random.</summary>
    public long? Seed { get; init; }

    /// <summary>The verb that made the partitions, such as <c>generate</c>; null when it is not known.</summary>
    public string? MadeBy { get; init; }

    /// <summary>The first partition's name; null when it is not known.</summary>
    public string? FirstPartition { get; init; }

    /// <summary>The last partition's name; null when it is not known.</summary>
    public string? LastPartition { get; init; }

    /// <summary>What is in the partitions; null when nobody counted.</summary>
    public InputCounts? Counts { get; init; }

    /// <summary>What became of the lines of the source that was imported; null when none was.</summary>
    public ImportCounts? Imported { get; init; }

    /// <summary>How long after its partition's end an object arrives, in event time, by its key; an object that is not here is on time.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Delays { get; init; } = new Dictionary<string, TimeSpan>();
}

/// <summary>Serialization of <see cref="InputManifest"/> without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(InputManifest))]
public sealed partial class InputManifestJson : JsonSerializerContext;
