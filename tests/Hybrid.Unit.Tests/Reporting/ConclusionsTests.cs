using Hybrid.Comparison.Experiments;

namespace Hybrid.Unit.Tests.Reporting;

public class ConclusionsTests
{
    [Fact]
    public void Verdict_WhereExperimentsWereMade_IsWhatTheyFound()
    {
        var report = SampleReport.WithExperiments();
        Assert.Equal("streaming was fresher; streaming was fresher", Conclusions.Draw(report.Lanes, report.Experiments)!.Summary);
        Assert.Contains("was fresher than", Conclusions.Draw(report.Lanes)!.Summary, StringComparison.Ordinal);
    }
}
