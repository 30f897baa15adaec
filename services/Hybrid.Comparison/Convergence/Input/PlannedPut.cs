using Hybrid.Contracts.Partitions;

namespace Hybrid.Comparison.Convergence.Input;

/// <summary>An object that is put into the object store.</summary>
/// <param name="At">When, from the round's begin; a correction waits until what it corrects is published.</param>
/// <param name="Key">Its key.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Generation">0, or 1 for the correction of an object under the same key.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record PlannedPut(TimeSpan At, string Key, PartitionId Partition, int Generation, byte[] Content);
