using System.Text.Json;
using System.Text.Json.Serialization;
using Hybrid.Pipeline.Planning;

namespace Hybrid.Pipeline.Progress;

/// <summary>
/// How far a source, or one shard of it, is published: the value of its record in the watermarks topic, JSON. It is written in the
/// transaction whose records it covers, so the last committed one is always true. <c>docs/restarts.md</c> describes the format.
/// </summary>
public sealed record SourceProgress
{
    /// <summary>The format written. 1 had neither cursor nor shards; what has no format is 1. A later one only adds fields.</summary>
    public const int CurrentFormat = 2;

    /// <summary>The record's format, from 1.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The source's name. The record's key is <see cref="ProgressKey.Of"/>.</summary>
    public required string Source { get; init; }

    /// <summary>The shard, from 0.</summary>
    public int Shard { get; init; }

    /// <summary>How many shards the source has, from 1. Its watermark is the least of theirs.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>Every partition that ends up to here is published, as far as its objects are this shard's; event time.</summary>
    public required DateTimeOffset Watermark { get; init; }

    /// <summary>The watermark of the whole source that the consumers were told last, event time; null for none yet.</summary>
    public DateTimeOffset? SourceWatermark { get; init; }

    /// <summary>Partitions that begin before this are not published, event time: the start that was asked for, or the end of what was skipped; null for no bound.</summary>
    public DateTimeOffset? Floor { get; init; }

    /// <summary>The object that is published in part; null for none.</summary>
    public ObjectCursor? Cursor { get; init; }

    /// <summary>The objects published in the overlap window and of a partition that is not done, so that each is published once.</summary>
    public IReadOnlyList<PublishedObject> Objects { get; init; } = [];

    /// <summary>Totals since the source began.</summary>
    public ProgressCounts Counts { get; init; } = new();

    /// <summary>What <c>latest</c> restarts skipped, the newest last, at most 128.</summary>
    public IReadOnlyList<SkippedRange> Skipped { get; init; } = [];

    /// <summary>When this was written, wall time.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The record's value.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ProgressJson.Default.SourceProgress);

    /// <summary>Reads a record's value, of this format or an earlier one.</summary>
    /// <param name="json">The value.</param>
    /// <exception cref="JsonException">It is not one, or of a later format.</exception>
    public static SourceProgress FromJson(ReadOnlySpan<byte> json)
    {
        var read = JsonSerializer.Deserialize(json, ProgressJson.Default.SourceProgress) ?? throw new JsonException("null is no progress");
        if (read.Format > CurrentFormat)
        {
            throw new JsonException($"it is of format {read.Format}, written by a later version; this one reads up to {CurrentFormat}");
        }

        // What an earlier format lacks is read as nothing at all, not as the property's default.
        return read with
        {
            Format = Math.Max(1, read.Format),
            Shards = Math.Max(1, read.Shards),
            Objects = read.Objects ?? [],
            Counts = read.Counts ?? new ProgressCounts(),
            Skipped = read.Skipped ?? [],
        };
    }
}

/// <summary>An object that was published.</summary>
/// <param name="Key">Its key.</param>
/// <param name="ETag">Its ETag then.</param>
/// <param name="Generation">How often it was replaced under its key: 0 for the first.</param>
/// <param name="Gone">Whether it was deleted afterwards.</param>
public sealed record PublishedObject(
    string Key, string ETag, int Generation, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Gone = false)
{
    /// <summary>Stands for the ETag of an object that was deleted before all of it was published.</summary>
    public const string InPart = "";
}

/// <summary>How far an object is published that several transactions share.</summary>
/// <param name="Partition">The name of its partition.</param>
/// <param name="Key">Its key.</param>
/// <param name="ETag">Its ETag; with another one it is another object.</param>
/// <param name="Generation">How often it was replaced under its key: 0 for the first.</param>
/// <param name="Line">The last line that is published, from 1, as a reader from its begin counts them.</param>
/// <param name="LastModified">When it was written, by the store's clock.</param>
public sealed record ObjectCursor(string Partition, string Key, string ETag, int Generation, long Line, DateTimeOffset LastModified);

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

    /// <summary>Objects found to be deleted after they were published, wholly or in part.</summary>
    public long DeletedObjects { get; init; }

    /// <summary>The totals of two shards together; a partition counts once for each shard that published its part of it.</summary>
    internal static ProgressCounts Sum(ProgressCounts one, ProgressCounts other) => new()
    {
        Partitions = one.Partitions + other.Partitions,
        Objects = one.Objects + other.Objects,
        Lines = one.Lines + other.Lines,
        Records = one.Records + other.Records,
        DeadLetters = one.DeadLetters + other.DeadLetters,
        LateObjects = one.LateObjects + other.LateObjects,
        ReplacedObjects = one.ReplacedObjects + other.ReplacedObjects,
        SkippedPartitions = one.SkippedPartitions + other.SkippedPartitions,
        DeletedObjects = one.DeletedObjects + other.DeletedObjects,
    };
}

/// <summary>Serialization of <see cref="SourceProgress"/> without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SourceProgress))]
internal sealed partial class ProgressJson : JsonSerializerContext;
