using Hybrid.Comparison.Experiments.Running;
using Hybrid.Comparison.Observer;

namespace Hybrid.Unit.Tests.Experiments;

public sealed class BacklogTests
{
    private const int Partitions = 60;
    private const double Rate = 500;

    [Fact]
    public void Trend_OfALaneThatKeepsUp_IsFlat()
    {
        var trend = SimulatedLane.Watch(Partitions, (partition, canary) => TimeSpan.FromMilliseconds(300 + (((partition * 5) + canary) * 37 % 100))).Backlog.Trend(0)!.Value;
        Assert.True(trend.Least / Rate <= RunReporter.SustainedTrend, $"{trend}");
    }

    [Fact]
    public void Trend_OfALaneThatTakesFourFifthsOfTheLoad_IsAFifthOfIt()
    {
        // Partition n is searchable once n partitions were taken at four fifths of the pace.
        var trend = SimulatedLane.Watch(Partitions, (partition, _) => (partition * SimulatedLane.Pace / 0.8) - (partition * SimulatedLane.Pace) + TimeSpan.FromMilliseconds(100))
            .Backlog.Trend(2)!.Value;
        Assert.InRange(trend.Slope / Rate, 0.18, 0.22);
        Assert.True(trend.Least / Rate > RunReporter.SustainedTrend);
    }

    [Fact]
    public void OutOfOrder_CountsWhatWasSeenAfterALaterPartition()
    {
        Assert.Equal(0, SimulatedLane.Watch(Partitions, (_, _) => TimeSpan.FromMilliseconds(100)).Backlog.OutOfOrder(0.05));
        Assert.Equal(1, SimulatedLane.Watch(Partitions, (partition, canary) => TimeSpan.FromMilliseconds((partition, canary) == (7, 3) ? 900 : 100)).Backlog.OutOfOrder(0.05));
    }

    [Fact]
    public void Board_VersionThatGoesBack_IsARegression()
    {
        var due = SimulatedLane.Start;
        var board = new CanaryBoard([new Watched(new Canary("a", 9, 1), due, due)]);
        Assert.Equal(["a"], board.Wanted(due, 10));
        board.Show("a", 5, due.AddSeconds(1));
        board.Show("a", 4, due.AddSeconds(2));
        board.Show("a", 9, due.AddSeconds(3));
        Assert.Equal(1, board.Regressions);
        Assert.Equal(3, Assert.Single(board.Sightings).Freshness);
    }
}
