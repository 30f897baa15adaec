using Hybrid.Lanes.MicroBatch;

namespace Hybrid.Unit.Tests.Lanes;

public sealed class AdaptiveIntervalTests
{
    private static readonly TimeSpan Target = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);

    private readonly AdaptiveInterval _interval = new(Target, TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(500), Shortest);
    private readonly List<double> _freshness = [];
    private readonly List<double> _intervals = [];

    [Theory]
    [InlineData(50, 100)]
    [InlineData(1_000, 100)]
    [InlineData(4_000, 100)]
    [InlineData(4_000, 900)]
    public void SteadyLoad_ComesToTheTarget_AndStaysThere(double recordsPerSecond, double upstream)
    {
        Run(100, recordsPerSecond, upstream);

        Assert.All(_freshness[^60..], freshness => Assert.InRange(freshness, 0.8 * Target.TotalMilliseconds, Target.TotalMilliseconds));
        Assert.Single(_intervals[^60..].Distinct());
    }

    [Fact]
    public void LoadThatSteps_IsFollowedWithinAFewBatches_FromOneSideOnly()
    {
        foreach (var recordsPerSecond in new double[] { 500, 6_000, 200, 5_000, 1_000 })
        {
            _intervals.Clear();
            _freshness.Clear();
            Run(40, recordsPerSecond, upstream: 100);

            Assert.All(_freshness[10..], freshness => Assert.InRange(freshness, 0.8 * Target.TotalMilliseconds, Target.TotalMilliseconds));
            Assert.True(Turns() == 0, $"{recordsPerSecond}/s: {string.Join(" ", _intervals.Select(interval => $"{interval:0}"))}");
        }
    }

    [Fact]
    public void WritesOfVaryingLength_DoNotSwingIt()
    {
        var random = new Random(3);
        for (var batch = 0; batch < 300; batch++)
        {
            Run(1, 2_000, upstream: 100, noise: 0.8 + (0.4 * random.NextDouble()));
        }

        var settled = _intervals[50..];
        Assert.InRange(settled.Max() / settled.Min(), 1, 1.35);
        Assert.True(_freshness[50..].Count(freshness => freshness > Target.TotalMilliseconds) <= 3);
    }

    [Fact]
    public void StallOfTheIndex_ShrinksItForAWhile_AndItComesBack()
    {
        Run(40, 1_000, upstream: 100);
        var before = _interval.Current;
        _interval.Observe(new BatchTimes(BatchTrigger.Interval, Milliseconds(100), before, TimeSpan.FromSeconds(10)));
        Assert.InRange(_interval.Current / before, 0.05, 0.5);

        Run(40, 1_000, upstream: 100);
        Assert.InRange(_interval.Current / before, 0.94, 1.06);
    }

    [Fact]
    public void TargetThatUpstreamHasSpentAlready_LeavesTheShortestInterval()
    {
        Run(20, 1_000, upstream: 60_000);

        Assert.Equal(Shortest, _interval.Current);
    }

    [Fact]
    public void IndexThatIsTooSlowForTheLoad_LeavesAnIntervalWithinTheBounds()
    {
        for (var batch = 0; batch < 100; batch++)
        {
            _interval.Observe(new BatchTimes(BatchTrigger.Interval, TimeSpan.Zero, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4)));
            Assert.InRange(_interval.Current, Shortest, Target);
        }
    }

    [Fact]
    public void NoLoadToSpeakOf_DoesNotGrowItPastTheTarget()
    {
        Run(200, 0.1, upstream: 0);

        Assert.True(_interval.Current < Target - Milliseconds(200));
    }

    [Theory]
    [InlineData((int)BatchTrigger.Records)]
    [InlineData((int)BatchTrigger.Bytes)]
    [InlineData((int)BatchTrigger.Drain)]
    [InlineData((int)BatchTrigger.AvailableNow)]
    public void BatchThatWasFullBefore_SaysNothingAboutTheInterval(int trigger)
    {
        var before = _interval.Current;
        _interval.Observe(new BatchTimes((BatchTrigger)trigger, TimeSpan.Zero, Milliseconds(1), Milliseconds(1)));

        Assert.Equal(before, _interval.Current);
    }

    [Fact]
    public void FirstInterval_IsWithinTheBounds()
    {
        Assert.Equal(Milliseconds(1_600), new AdaptiveInterval(Target, Milliseconds(200), TimeSpan.FromHours(1), Shortest).Current);
        Assert.Equal(Shortest, new AdaptiveInterval(Target, Milliseconds(200), TimeSpan.FromTicks(1), Shortest).Current);
        Assert.Equal(Shortest, new AdaptiveInterval(Target, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1), Shortest).Current);
    }

    /// <summary>Batches whose writes take 30 ms and 0.1 ms a record.</summary>
    private void Run(int batches, double recordsPerSecond, double upstream, double noise = 1)
    {
        for (var batch = 0; batch < batches; batch++)
        {
            var gathering = _interval.Current.TotalMilliseconds;
            var writing = noise * (30 + (0.1 * recordsPerSecond * gathering / 1_000));
            _freshness.Add(upstream + gathering + writing + 200);
            _interval.Observe(new BatchTimes(BatchTrigger.Interval, Milliseconds(upstream), Milliseconds(gathering), Milliseconds(writing)));
            _intervals.Add(_interval.Current.TotalMilliseconds);
        }
    }

    /// <summary>How often the interval went back on its way.</summary>
    private int Turns()
    {
        var steps = _intervals.Zip(_intervals.Skip(1), (one, next) => Math.Sign(next - one)).Where(step => step != 0).ToArray();
        return steps.Zip(steps.Skip(1)).Count(pair => pair.First != pair.Second);
    }

    private static TimeSpan Milliseconds(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
