using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hybrid.Publisher.Progress;

/// <summary>
/// How far a source is published: the value of its record in the watermarks topic, JSON. It is written in the transaction whose records it
/// covers, so the last committed one is always true.
/// </summary>
public sealed record SourceProgress
{
    /// <summary>The source's name, also the record's key.</summary>
    public required string Source { get; init; }

    /// <summary>Every partition that ends up to here is published, event time.</summary>
    public required DateTimeOffset Watermark { get; init; }

    /// <summary>Partitions that begin before this are not published, event time: the start that was asked for, or the end of what was skipped; null for no bound.</summary>
    public DateTimeOffset? Floor { get; init; }

    /// <summary>The objects published in the overlap window, so that each is published once.</summary>
    public IReadOnlyList<PublishedObject> Objects { get; init; } = [];

    /// <summary>Totals since the source began.</summary>
    public ProgressCounts Counts { get; init; } = new();

    /// <summary>What <c>latest</c> restarts skipped, the newest last, at most 32.</summary>
    public IReadOnlyList<SkippedRange> Skipped { get; init; } = [];

    /// <summary>When this was written, wall time.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The record's value.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ProgressJson.Default.SourceProgress);

    /// <summary>Reads a record's value.</summary>
    /// <param name="json">The value.</param>
    /// <exception cref="JsonException">It is not one.</exception>
    public static SourceProgress FromJson(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, ProgressJson.Default.SourceProgress) ?? throw new JsonException("null is no progress");
}

/// <summary>An object that was published.</summary>
/// <param name="Key">Its key.</param>
/// <param name="ETag">Its ETag then.</param>
/// <param name="Generation">How often it was replaced under its key: 0 for the first.</param>
public sealed record PublishedObject(string Key, string ETag, int Generation);

/// <summary>Partitions that a <c>latest</c> restart skipped.</summary>
/// <param name="From">The first one's start, event time.</param>
/// <param name="To">The last one's end, event time.</param>
/// <param name="Partitions">How many.</param>
public sealed record SkippedRange(DateTimeOffset From, DateTimeOffset To, long Partitions);

/// <summary>Totals of a source. Lines = Records + DeadLetters.</summary>
public sealed record ProgressCounts
{
    /// <summary>Partitions published whole, empty ones included.</summary>
    public long Partitions { get; init; }

    /// <summary>Objects published, replaced ones each time.</summary>
    public long Objects { get; init; }

    /// <summary>Lines read.</summary>
    public long Lines { get; init; }

    /// <summary>Records published.</summary>
    public long Records { get; init; }

    /// <summary>Dead letters.</summary>
    public long DeadLetters { get; init; }

    /// <summary>Objects found after their partition was done.</summary>
    public long LateObjects { get; init; }

    /// <summary>Objects published again because another took their key.</summary>
    public long ReplacedObjects { get; init; }

    /// <summary>Partitions skipped by <c>latest</c> restarts.</summary>
    public long SkippedPartitions { get; init; }
}

/// <summary>Serialization of <see cref="SourceProgress"/> without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SourceProgress))]
internal sealed partial class ProgressJson : JsonSerializerContext;
