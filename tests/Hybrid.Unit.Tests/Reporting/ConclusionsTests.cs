using Hybrid.Comparison.Experiments;
using Hybrid.Contracts.Reports.Experiments;

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

    [Fact]
    public void Verdict_WhereOnlyRestartsWereMeasured_IsWhatTheyDid()
    {
        var restarts = SampleReport.WithExperiments().Experiments.Where(experiment => experiment.Kind == ExperimentKinds.Restart).ToArray();
        Assert.Equal("streaming was fresher", Conclusions.Draw([], restarts)!.Summary);
        Assert.Null(Conclusions.Draw([], [restarts[0] with { Findings = [] }]));
    }
}
