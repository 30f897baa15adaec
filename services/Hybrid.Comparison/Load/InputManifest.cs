using System.Text.Json;
using System.Text.Json.Serialization;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Load;

/// <summary>What an input directory made by <c>generate</c> or <c>import</c> says of itself, in <see cref="FileName"/>. Written last: without it a directory is not whole.</summary>
public sealed record InputManifest
{
    /// <summary>The file's name, in the directory's root.</summary>
    public const string FileName = "hybrid-input.json";

    /// <summary>The verb that made it, such as <c>generate</c>.</summary>
    public required string MadeBy { get; init; }

    /// <summary>The partitions' layout; see <see cref="PartitionLayout"/>.</summary>
    public required string Layout { get; init; }

    /// <summary>The partitions' length, one second to one day.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>The first partition's name.</summary>
    public required string FirstPartition { get; init; }

    /// <summary>The last partition's name.</summary>
    public required string LastPartition { get; init; }

    /// <summary>The generator's seed; null for what was imported.</summary>
    public long? Seed { get; init; }

    /// <summary>What is in it.</summary>
    public required InputCounts Counts { get; init; }

    /// <summary>What became of the lines of an imported source; null for what was generated.</summary>
    public ImportCounts? Imported { get; init; }

    /// <summary>The objects that land late, in the order of their keys.</summary>
    public IReadOnlyList<LateObject> LateObjects { get; init; } = [];

    /// <summary>Reads the manifest of a directory.</summary>
    /// <param name="directory">The directory.</param>
    /// <returns>The manifest, or null when the directory has none.</returns>
    /// <exception cref="HybridException">The file is not a manifest, or cannot be read.</exception>
    public static InputManifest? Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize(file, InputManifestJson.Default.InputManifest)
                ?? throw HybridException.WrongCall($"{path} is not a manifest: generate or import the directory again");
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException broken)
        {
            throw new HybridException(
                ExitCodes.WrongCall, $"{path} is not a manifest ({broken.Message.ReplaceLineEndings(" ")}): generate or import the directory again", broken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new HybridException(ExitCodes.WrongCall, $"{path} cannot be read: {failure.Message}", failure);
        }
    }
}

/// <summary>What is in an input directory.</summary>
public sealed record InputCounts
{
    /// <summary>Partitions from the first to the last, empty ones included.</summary>
    public required long Partitions { get; init; }

    /// <summary>Objects.</summary>
    public required long Objects { get; init; }

    /// <summary>Lines, malformed ones included.</summary>
    public required long Lines { get; init; }

    /// <summary>Lines that are upserts, canaries included.</summary>
    public required long Upserts { get; init; }

    /// <summary>Lines that are deletes.</summary>
    public required long Deletes { get; init; }

    /// <summary>Lines that are signals.</summary>
    public required long Signals { get; init; }

    /// <summary>Lines that are no delta and end in the dead letters.</summary>
    public required long Malformed { get; init; }

    /// <summary>Upserts of documents that are there to be watched for.</summary>
    public required long Canaries { get; init; }
}

/// <summary>What became of the lines of an imported source. They add up: <see cref="Read"/> is the sum of the others.</summary>
public sealed record ImportCounts
{
    /// <summary>Lines read, headers left out.</summary>
    public required long Read { get; init; }

    /// <summary>Lines that gave an upsert and a signal.</summary>
    public required long Sales { get; init; }

    /// <summary>Lines that gave a signal with a negative quantity.</summary>
    public required long Cancellations { get; init; }

    /// <summary>Lines that make no sense, kept as they were.</summary>
    public required long Nonsense { get; init; }
}

/// <summary>An object that lands late.</summary>
/// <param name="Key">Its key, relative to the directory.</param>
/// <param name="Partition">The name of its partition.</param>
/// <param name="DelayPartitions">How many partitions after its own it lands, from 1.</param>
public sealed record LateObject(string Key, string Partition, int DelayPartitions);

/// <summary>How far a generator or importer is.</summary>
/// <param name="Done">Steps done: partitions generated, or days imported.</param>
/// <param name="Total">Steps in all.</param>
/// <param name="Lines">Lines written so far.</param>
public sealed record LoadProgress(long Done, long Total, long Lines);

/// <summary>Serialization of <see cref="InputManifest"/> without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(InputManifest))]
internal sealed partial class InputManifestJson : JsonSerializerContext;
