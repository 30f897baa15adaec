using Hybrid.Comparison.Experiments.Summaries;

namespace Hybrid.Unit.Tests.Experiments;

public sealed class PointOrderTests
{
    [Theory]
    [InlineData("", "interval=100ms", "interval=500ms", "interval=1500ms", "interval=1m")]
    [InlineData("rate=2000", "rate=4000", "rate=16000")]
    [InlineData("visibility=commit-within=50ms", "visibility=commit-within=1s", "visibility=soft-commit")]
    [InlineData("kill", "kill latest", "outage=500ms", "outage=500ms latest", "outage=1500ms", "outage=1500ms latest", "publisher:kill", "stop")]
    [InlineData("schedule=* * * * *", "schedule=0 * * * *")]
    [InlineData("schedule=*/5 * * * *", "schedule=10-20 * * * *", "schedule=9 * * * *", "schedule=10 * * * *")]
    public void PointsAreOrdered_AsPeopleCount(params string[] points)
    {
        Assert.Equal(points, points.Reverse().Order(PointOrder.Instance));
        Assert.Equal(points, points.Order(PointOrder.Instance));
    }
}
