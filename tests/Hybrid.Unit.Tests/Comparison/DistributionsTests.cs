using Hybrid.Comparison.Observer;
using Hybrid.Contracts.Reports;

namespace Hybrid.Unit.Tests.Comparison;

public sealed class DistributionsTests
{
    [Fact]
    public void Of_HundredSamples_TakesNearestRanks()
    {
        var distribution = Distributions.Of(Enumerable.Range(1, 100).Select(number => (double)number).Reverse())!;
        Assert.Equal((50, 95, 99, 100, 100), (distribution.P50, distribution.P95, distribution.P99, distribution.Max, distribution.Samples));
    }

    [Fact]
    public void Of_NegativeSamples_CountsThemApart()
    {
        var distribution = Distributions.Of([-1, 2, 4])!;
        Assert.Equal((2, 2, 1), (distribution.P50, distribution.Samples, distribution.Negative));
    }

    [Fact]
    public void Of_Nothing_IsNotMeasured() => Assert.Null(Distributions.Of([]));

    [Fact]
    public void Curve_OfManySamples_RisesToOneWithinTheLimit()
    {
        var curve = Distributions.Curve(Enumerable.Range(0, 5000).Select(number => number / 10.0));
        Assert.Equal(100, curve.Count);
        Assert.Equal(1, curve[^1].Y);
        Assert.Equal(499.9, curve[^1].X);
        Assert.Equal(0, curve[0].X);
        Assert.All(curve.Zip(curve.Skip(1)), pair => Assert.True(pair.First.X <= pair.Second.X && pair.First.Y < pair.Second.Y));
    }

    [Fact]
    public void WeightedMedian_HeavySample_Decides() => Assert.Equal(9, Distributions.WeightedMedian([(1, 1), (2, 1), (9, 5)]));

    [Fact]
    public void Thin_LongTimeline_KeepsItsPeaks()
    {
        var thin = Distributions.Thin([.. Enumerable.Range(0, 1000).Select(second => new CurvePoint(second, second == 777 ? 99 : 0))], 100);
        Assert.True(thin.Count <= 100);
        Assert.Contains(thin, point => point is { X: 777, Y: 99 });
    }
}
