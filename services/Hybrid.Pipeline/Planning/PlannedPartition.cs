using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Progress;

namespace Hybrid.Pipeline.Planning;

/// <summary>An object to publish.</summary>
/// <param name="Entry">The object as it was listed.</param>
/// <param name="Known">What was published under its key before; null for nothing.</param>
/// <param name="Cursor">How far it is published already; null for not at all.</param>
internal sealed record PlannedObject(ObjectEntry Entry, PublishedObject? Known, ObjectCursor? Cursor = null)
{
    /// <summary>
    /// What to do with the object that was opened: a listing may lag behind it, so what counts is what is read. One that took the place of
    /// another, also of one that is published in part, is published from its begin as the next generation.
    /// </summary>
    /// <param name="etag">The ETag of what was opened.</param>
    /// <returns>Its generation and the last line that is published already; null when there is nothing to do.</returns>
    public (int Generation, long AfterLine)? Take(string etag) =>
        Cursor is not null ? (Cursor.ETag == etag ? (Cursor.Generation, Cursor.Line) : (Cursor.Generation + 1, 0))
        : Known is null ? (0, 0)
        : Known.ETag == etag ? null
        : (Known.Generation + 1, 0);
}

/// <summary>What to publish of one partition.</summary>
/// <param name="Partition">The partition that the objects belong to.</param>
/// <param name="Completes">Whether the partition is done with them, so that the watermark moves to its end.</param>
/// <param name="Objects">The objects, in the order of their keys; none for an empty partition.</param>
internal sealed record PlannedPartition(PartitionId Partition, bool Completes, IReadOnlyList<PlannedObject> Objects);
