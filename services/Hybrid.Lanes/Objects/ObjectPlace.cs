using Hybrid.Contracts.Partitions;

namespace Hybrid.Lanes.Objects;

/// <summary>An object that is being read.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Key">Its key.</param>
/// <param name="ETag">Its ETag.</param>
/// <param name="Generation">How often it was replaced under its key: 0 for the first.</param>
internal sealed record ObjectPlace(PartitionId Partition, string Key, string ETag, int Generation);
