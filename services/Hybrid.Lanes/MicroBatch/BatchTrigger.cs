namespace Hybrid.Lanes.MicroBatch;

/// <summary>Why a batch was written.</summary>
internal enum BatchTrigger
{
    /// <summary>Its interval was over: the price is waiting, the gain is fewer and larger requests.</summary>
    Interval,

    /// <summary>It held the most records that one may: under load batches follow each other without waiting.</summary>
    Records,

    /// <summary>It held the most bytes that one may: bounds memory when records are large.</summary>
    Bytes,

    /// <summary>Everything that was available at the start was taken.</summary>
    AvailableNow,

    /// <summary>The lane stops or gives partitions up.</summary>
    Drain,
}
