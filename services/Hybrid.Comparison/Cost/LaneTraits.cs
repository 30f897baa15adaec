using Hybrid.Contracts.Lanes;

namespace Hybrid.Comparison.Cost;

/// <summary>What a lane's kind makes of its bill.</summary>
/// <param name="NeedsKafka">Whether brokers and a publisher must be there for it.</param>
/// <param name="IsScheduled">Whether it is a job that starts, works and ends.</param>
internal readonly record struct LaneTraits(bool NeedsKafka, bool IsScheduled)
{
    public static LaneTraits Of(string lane) => lane switch
    {
        LaneNames.Batch => new(NeedsKafka: false, IsScheduled: true),
        LaneNames.Direct => new(NeedsKafka: false, IsScheduled: false),
        _ => new(NeedsKafka: true, IsScheduled: false),
    };
}
