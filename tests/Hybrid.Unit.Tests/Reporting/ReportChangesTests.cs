using Hybrid.Comparison.Experiments.Summaries;
using Hybrid.Comparison.Reporting;
using Hybrid.Comparison.Reporting.Changes;
using Hybrid.Comparison.Reporting.Html;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Unit.Tests.Reporting;

public class ReportChangesTests
{
    [Fact]
    public void SameReport_HasNoMovement()
    {
        var changes = ReportChanges.Between(Report(1, 0.1), Report(1, 0.1));
        Assert.Empty(changes.Moved);
        Assert.Empty(changes.Conditions);
        Assert.Empty(changes.Unmatched);
    }

    [Theory]
    [InlineData(1.0, 2.0, 0.1, 3, "Worse")]
    [InlineData(2.0, 1.0, 0.1, 3, "Better")]
    [InlineData(1.0, 1.1, 0.2, 3, "Noise")]
    [InlineData(1.0, 1.005, 0.001, 3, "Noise")]
    [InlineData(1.0, 2.0, 0.1, 1, "Unknown")]
    public void Figure_IsFlaggedOnlyBeyondNoise(double before, double after, double half, int runs, string movement) =>
        Assert.Equal(movement, Change(Report(before, half, runs), Report(after, half, runs)).Movement.ToString());

    [Fact]
    public void Rate_ThatRises_IsBetter() =>
        Assert.Equal(Movement.Better, Change(Report(1_000, 10, figure: FigureNames.SustainableRate), Report(2_000, 10, figure: FigureNames.SustainableRate)).Movement);

    [Fact]
    public void Difference_OfTwoMeans_IsWelchsInterval()
    {
        // Two means of 10 runs with standard errors 1 and 2: 18 − … degrees by Welch and Satterthwaite are 13, t is 2.160.
        var (low, high) = ReportChanges.DifferenceOf(Estimate(10, 2.262 * 1, 10), Estimate(20, 2.262 * 2, 10))!.Value;
        Assert.Equal(10 - (2.160 * Math.Sqrt(5)), low, 2);
        Assert.Equal(10 + (2.160 * Math.Sqrt(5)), high, 2);
    }

    /// <summary>The t interval's promise, tried: of figures that did not move no more than about one in twenty is flagged.</summary>
    [Fact]
    public void FigureThatDidNotMove_IsSeldomFlagged()
    {
        var random = new Random(7);
        var flagged = Enumerable.Range(0, 2_000).Count(_ => ReportChanges.DifferenceOf(Sampled(random, 3), Sampled(random, 3)) is var (low, high) && (low > 0 || high < 0));
        Assert.InRange(flagged, 1, 130);
    }

    [Fact]
    public void Conditions_ThatDiffer_AreNamed()
    {
        var after = Report(1, 0.1);
        after = after with { Run = after.Run with { PaceSeconds = 1, Machine = after.Run.Machine with { Cores = 16 } } };
        var conditions = ReportChanges.Between(Report(1, 0.1), after).Conditions;
        Assert.Equal(["pace: 200 ms before, 1.00 s now", "cores: 2 before, 16 now"], conditions);
    }

    [Fact]
    public void WhatOnlyOneReportHas_IsNamed() =>
        Assert.Equal(["freshness: micro-batch: only in the older report"], ReportChanges.Between(Report(1, 0.1), SampleReport.Create() with { Lanes = [] }).Unmatched);

    [Fact]
    public void Html_AndMarkdown_ShowWhatMoved()
    {
        var options = ReportOptions.Standard() with { Changes = ReportChanges.Between(Report(1, 0.1), Report(2, 0.1)) };
        Assert.Contains("<span class=\"bad\">worse</span>", HtmlReport.Render(Report(2, 0.1), options), StringComparison.Ordinal);
        Assert.Contains("| **worse** | freshness: micro-batch | freshness p99 | 1.00 s | 2.00 s | +100 % |", MarkdownReport.Render(Report(2, 0.1), options), StringComparison.Ordinal);
    }

    private static Change Change(ComparisonReport before, ComparisonReport after) => Assert.Single(ReportChanges.Between(before, after).Changes);

    private static ComparisonReport Report(double mean, double half, int runs = 3, string figure = FigureNames.FreshnessP99) => SampleReport.Create() with
    {
        Experiments =
        [
            new ExperimentReport
            {
                Kind = ExperimentKinds.Freshness,
                Settings = new Dictionary<string, string>(),
                Runs = [],
                Summaries =
                [
                    new PointSummary
                    {
                        Lane = "micro-batch",
                        Point = "",
                        Settings = new Dictionary<string, string>(),
                        Runs = [],
                        Stages = new Dictionary<string, Distribution>(),
                        Figures = new Dictionary<string, Estimate> { [figure] = Estimate(mean, half, runs) },
                        Converged = true,
                    },
                ],
            },
        ],
    };

    private static Estimate Estimate(double mean, double half, int runs) => runs < 2
        ? new Estimate { Mean = mean, Median = mean, Min = mean, Max = mean, Runs = runs }
        : new Estimate { Mean = mean, Median = mean, Min = mean, Max = mean, Low = mean - half, High = mean + half, Runs = runs };

    private static Estimate Sampled(Random random, int runs)
    {
        var samples = Enumerable.Range(0, runs).Select(_ => 10 + Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())).ToArray();
        var mean = samples.Average();
        var error = Math.Sqrt(samples.Sum(sample => Math.Pow(sample - mean, 2)) / (runs - 1) / runs);
        return Estimate(mean, StudentT.Quantile(runs - 1) * error, runs);
    }
}
