using Hybrid.Pipeline.Measurement;

namespace Hybrid.Unit.Tests.Measurement;

public class LatencyHistogramTests
{
    [Fact]
    public void Percentile_OfNothing_IsNull() => Assert.Null(new LatencyHistogram().Percentile(0.5));

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.95)]
    [InlineData(0.99)]
    [InlineData(1)]
    public void Percentile_IsWithinItsBucket(double share)
    {
        var histogram = new LatencyHistogram();
        var random = new Random(7);
        var samples = Enumerable.Range(0, 5000).Select(_ => Math.Exp((random.NextDouble() * 12) - 8)).Order().ToArray();
        foreach (var sample in samples)
        {
            histogram.Record(sample);
        }

        var exact = samples[(int)Math.Ceiling(share * samples.Length) - 1];
        Assert.InRange(histogram.Percentile(share)!.Value, exact - 2e-6, (exact * 1.033) + 2e-6);
    }

    [Fact]
    public void Record_OfNegativeSamples_CountsThemApart()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(-0.001);
        histogram.Record(1);
        Assert.Equal(1, histogram.Count);
        Assert.Equal(1, histogram.Negative);
        Assert.Equal(1, histogram.Percentile(0));
    }

    [Fact]
    public void Merge_EqualsRecordingTogether()
    {
        var (left, right, both) = (new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram());
        for (var i = 0; i < 1000; i++)
        {
            (i % 3 == 0 ? left : right).Record(i * 0.0013);
            both.Record(i * 0.0013);
        }

        left.Merge(right.Snapshot());
        Assert.Equal(both.Snapshot().Buckets, left.Snapshot().Buckets);
        Assert.Equal(both.Percentile(0.99), left.Percentile(0.99));
        Assert.Equal(both.MaxSeconds, LatencyHistogram.From(left.Snapshot()).MaxSeconds);
    }

    [Fact]
    public void Record_OfExtremes_StaysInRange()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(0);
        histogram.Record(double.MaxValue);
        histogram.Record(double.NaN);
        Assert.Equal(2, histogram.Count);
        Assert.Equal(0, histogram.Percentile(0.5));
    }
}
