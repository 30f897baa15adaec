using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hybrid.Comparison.Crashes.Publishing;

/// <summary>A publisher's progress record as an operator reads it; <c>docs/restarts.md</c> describes the format.</summary>
internal sealed record PublishedProgress
{
    public DateTimeOffset Watermark { get; init; }

    public DateTimeOffset? SourceWatermark { get; init; }

    public PublishedCursor? Cursor { get; init; }

    public PublishedCounts Counts { get; init; } = new();

    /// <exception cref="JsonException">It is none.</exception>
    public static PublishedProgress FromJson(byte[] json) =>
        JsonSerializer.Deserialize(json, PublishedProgressJson.Default.PublishedProgress) ?? throw new JsonException("null is no progress");
}

/// <summary>The object that is published in part.</summary>
internal sealed record PublishedCursor(string Key, long Line);

/// <summary>Totals.</summary>
internal sealed record PublishedCounts
{
    public long Objects { get; init; }

    public long Lines { get; init; }

    public long Records { get; init; }

    public long DeadLetters { get; init; }

    public long LateObjects { get; init; }

    public long ReplacedObjects { get; init; }

    public long DeletedObjects { get; init; }

    public static PublishedCounts operator +(PublishedCounts one, PublishedCounts other) => new()
    {
        Objects = one.Objects + other.Objects,
        Lines = one.Lines + other.Lines,
        Records = one.Records + other.Records,
        DeadLetters = one.DeadLetters + other.DeadLetters,
        LateObjects = one.LateObjects + other.LateObjects,
        ReplacedObjects = one.ReplacedObjects + other.ReplacedObjects,
        DeletedObjects = one.DeletedObjects + other.DeletedObjects,
    };
}

/// <summary>Serialization without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PublishedProgress))]
internal sealed partial class PublishedProgressJson : JsonSerializerContext;
