namespace Hybrid.Contracts.Measurement;

/// <summary>
/// A histogram that can be merged: log-linear buckets of microseconds, 32 to each power of two, so a percentile is within 3.2 %.
/// Negative samples are counted apart and are in no bucket.
/// </summary>
public sealed record HistogramSnapshot
{
    /// <summary>Samples in buckets.</summary>
    public required long Count { get; init; }

    /// <summary>Samples below zero, which clocks that disagree produce.</summary>
    public required long Negative { get; init; }

    /// <summary>Sum of the samples in buckets, in seconds.</summary>
    public required double SumSeconds { get; init; }

    /// <summary>The greatest sample, in seconds; 0 when there is none.</summary>
    public required double MaxSeconds { get; init; }

    /// <summary>Counts by bucket number; empty buckets are left out.</summary>
    public required SortedDictionary<int, long> Buckets { get; init; }
}
