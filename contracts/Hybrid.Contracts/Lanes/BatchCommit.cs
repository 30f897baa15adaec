using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hybrid.Contracts.Lanes;

/// <summary>
/// What the commit log tells of one batch: that Solr has acknowledged it. Value of a record of <see cref="Topics.TopicNames.Commits"/>, JSON
/// (RFC 8259); its key is the lane's name, a space and the batch's id, UTF-8. A batch may be told of twice, with the same key.
/// </summary>
public sealed record BatchCommit
{
    /// <summary>The lane's name.</summary>
    public required string Lane { get; init; }

    /// <summary>The batch's id: its ranges of offsets by partition, such as <c>0:17-42,3:5-5</c>. The same records give the same id.</summary>
    public required string Batch { get; init; }

    /// <summary>The ranges, by rising partition. Offsets between them and the next batch's are control records, signals and transaction markers.</summary>
    public required IReadOnlyList<OffsetRange> Ranges { get; init; }

    /// <summary>Why it was written: <c>interval</c>, <c>records</c>, <c>bytes</c>, <c>available-now</c> or <c>drain</c>.</summary>
    public required string Trigger { get; init; }

    /// <summary>Upserts and deletes in it.</summary>
    public required int Records { get; init; }

    /// <summary>Documents whose attributes were written: the newest of each.</summary>
    public required int Documents { get; init; }

    /// <summary>Documents whose signals were written.</summary>
    public required int Signals { get; init; }

    /// <summary>Documents that Solr refused; each is a dead letter.</summary>
    public required int Refused { get; init; }

    /// <summary>Update requests that were tried again for it.</summary>
    public required long Retries { get; init; }

    /// <summary>Bytes of its records' values in Kafka.</summary>
    public required long Bytes { get; init; }

    /// <summary>When it was closed and given to the writer, wall time UTC.</summary>
    public required DateTimeOffset SealedAt { get; init; }

    /// <summary>When Solr had acknowledged all of it, wall time UTC.</summary>
    public required DateTimeOffset AcknowledgedAt { get; init; }
}

/// <summary>Offsets of one Kafka partition, both ends included.</summary>
/// <param name="Partition">The partition of the deltas topic.</param>
/// <param name="First">The first offset.</param>
/// <param name="Last">The last offset.</param>
public sealed record OffsetRange(int Partition, long First, long Last);

/// <summary>Serialization of <see cref="BatchCommit"/> without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(BatchCommit))]
public sealed partial class BatchCommitJson : JsonSerializerContext;
