using Hybrid.Contracts.Partitions;

namespace Hybrid.Comparison.Load;

/// <summary>The documents that generated partitions hold to be watched for: each is upserted once, in one partition.</summary>
public static class Canaries
{
    /// <summary>What their ids begin with.</summary>
    public const string Prefix = "canary-";

    /// <summary>The id of a canary, such as <c>canary-2011-12-01T08:05Z-0</c>.</summary>
    /// <param name="partition">Its partition.</param>
    /// <param name="number">Its number in the partition, from 0.</param>
    public static string DocumentId(PartitionId partition, int number) => $"{Prefix}{partition.Name}-{number}";
}
