using Hybrid.Comparison.Observer;
using Hybrid.Comparison.Reporting.Html;
using Hybrid.Contracts.Reports;

namespace Hybrid.Unit.Tests.Reporting;

public sealed class IntervalChartTests
{
    private const string Title = "as it adapted to the freshness target";

    [Fact]
    public void Interval_IsDrawnWhereItChanged()
    {
        var report = SampleReport.Create();
        Assert.DoesNotContain(Title, HtmlReport.Render(report), StringComparison.Ordinal);

        var lane = report.Lanes[0];
        var moved = report with
        {
            Lanes = [lane with { Throughput = lane.Throughput with { BatchInterval = [new(0, 0.1), new(5, 2), new(9, 2)] } }, .. report.Lanes.Skip(1)],
        };
        Assert.Contains(Title, HtmlReport.Render(moved), StringComparison.Ordinal);
    }

    [Fact]
    public void Changes_AreTheFirstValueEveryChangeAndTheEnd()
    {
        Assert.Null(Changes.Of([]));
        Assert.Null(Changes.Of([new(0, 1), new(1, 1), new(2, 1)]));
        Assert.Equal<CurvePoint>(
            [new(0, 1), new(2, 3), new(3, 2), new(4, 2)],
            Changes.Of([new(0, 1), new(1, 1), new(2, 3), new(3, 2), new(4, 2)])!);
    }
}
