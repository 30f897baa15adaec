using System.Numerics;
using Hybrid.Contracts.Measurement;

namespace Hybrid.Pipeline.Measurement;

/// <summary>
/// Counts durations in log-linear buckets of microseconds, 32 to each power of two, so that a percentile is within 3.2 % of the sample.
/// Histograms merge without loss; negative samples are counted apart. Safe for concurrent recording.
/// </summary>
public sealed class LatencyHistogram
{
    private const int SubBucketBits = 5;
    private const int SubBuckets = 1 << SubBucketBits;
    private const int BucketCount = (64 - SubBucketBits) * SubBuckets;

    private readonly long[] _buckets = new long[BucketCount];
    private long _count;
    private long _negative;
    private long _sumMicroseconds;
    private long _maxMicroseconds;

    /// <summary>Samples in buckets.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Samples below zero.</summary>
    public long Negative => Volatile.Read(ref _negative);

    /// <summary>The greatest sample, seconds; 0 when there is none.</summary>
    public double MaxSeconds => Volatile.Read(ref _maxMicroseconds) / 1e6;

    /// <summary>Makes a histogram from a snapshot.</summary>
    /// <param name="snapshot">What <see cref="Snapshot"/> gave.</param>
    public static LatencyHistogram From(HistogramSnapshot snapshot)
    {
        var histogram = new LatencyHistogram();
        histogram.Merge(snapshot);
        return histogram;
    }

    /// <summary>Counts one sample.</summary>
    /// <param name="seconds">A duration in seconds; not a number is ignored.</param>
    public void Record(double seconds) => Record(seconds, 1);

    /// <summary>Counts samples that are equal.</summary>
    /// <param name="seconds">A duration in seconds; not a number is ignored.</param>
    /// <param name="count">How many of them, from 0.</param>
    public void Record(double seconds, long count)
    {
        if (double.IsNaN(seconds) || count == 0)
        {
            return;
        }

        if (seconds < 0)
        {
            Interlocked.Add(ref _negative, count);
            return;
        }

        var microseconds = (long)Math.Min(seconds * 1e6, long.MaxValue / 4);
        Interlocked.Add(ref _buckets[Bucket(microseconds)], count);
        Interlocked.Add(ref _count, count);
        Interlocked.Add(ref _sumMicroseconds, microseconds * count);
        RaiseMax(microseconds);
    }

    /// <summary>Adds another histogram's samples to this one's.</summary>
    /// <param name="other">The other's snapshot.</param>
    public void Merge(HistogramSnapshot other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var (bucket, count) in other.Buckets)
        {
            Interlocked.Add(ref _buckets[Math.Clamp(bucket, 0, BucketCount - 1)], count);
        }

        Interlocked.Add(ref _count, other.Count);
        Interlocked.Add(ref _negative, other.Negative);
        Interlocked.Add(ref _sumMicroseconds, (long)(other.SumSeconds * 1e6));
        RaiseMax((long)(other.MaxSeconds * 1e6));
    }

    /// <summary>The value that a share of the samples do not exceed, seconds: the upper edge of its bucket, at most the greatest sample.</summary>
    /// <param name="share">0 to 1.</param>
    /// <returns>Null when there is no sample.</returns>
    public double? Percentile(double share)
    {
        var count = Count;
        if (count == 0)
        {
            return null;
        }

        var rank = Math.Max(1, (long)Math.Ceiling(Math.Clamp(share, 0, 1) * count));
        var seen = 0L;
        for (var bucket = 0; bucket < BucketCount; bucket++)
        {
            seen += Volatile.Read(ref _buckets[bucket]);
            if (seen >= rank)
            {
                return Math.Min(UpperEdge(bucket) / 1e6, MaxSeconds);
            }
        }

        return MaxSeconds;
    }

    /// <summary>The state, for a file or for merging.</summary>
    public HistogramSnapshot Snapshot()
    {
        var buckets = new SortedDictionary<int, long>();
        var count = 0L;
        for (var bucket = 0; bucket < BucketCount; bucket++)
        {
            var samples = Volatile.Read(ref _buckets[bucket]);
            if (samples > 0)
            {
                buckets[bucket] = samples;
                count += samples;
            }
        }

        return new HistogramSnapshot
        {
            Count = count,
            Negative = Negative,
            SumSeconds = Volatile.Read(ref _sumMicroseconds) / 1e6,
            MaxSeconds = MaxSeconds,
            Buckets = buckets,
        };
    }

    private static int Bucket(long microseconds)
    {
        if (microseconds < SubBuckets)
        {
            return (int)microseconds;
        }

        var shift = BitOperations.Log2((ulong)microseconds) - SubBucketBits;
        return ((shift + 1) << SubBucketBits) + (int)((microseconds >> shift) - SubBuckets);
    }

    private static long UpperEdge(int bucket)
    {
        if (bucket < SubBuckets)
        {
            return bucket;
        }

        var shift = (bucket >> SubBucketBits) - 1;
        return (((long)SubBuckets + (bucket & (SubBuckets - 1)) + 1) << shift) - 1;
    }

    private void RaiseMax(long microseconds)
    {
        var max = Volatile.Read(ref _maxMicroseconds);
        while (microseconds > max)
        {
            var seen = Interlocked.CompareExchange(ref _maxMicroseconds, microseconds, max);
            if (seen == max)
            {
                return;
            }

            max = seen;
        }
    }
}
