using Hybrid.Comparison.Experiments;
using Hybrid.Comparison.Reporting;
using Hybrid.Comparison.Reporting.Html;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Unit.Tests.Reporting;

public class ExperimentReportTests
{
    private static readonly string s_html = HtmlReport.Render(SampleReport.WithExperiments());

    [Theory]
    [InlineData("load", "Freshness as the load rises")]
    [InlineData("frontier", "every setting that was measured")]
    [InlineData("restarts", "Staleness through interval=1s")]
    [InlineData("faults", "Solr answers nothing for 5 s")]
    [InlineData("cost", "p99 within 2.00 s")]
    [InlineData("money", "example figures chosen by this project")]
    [InlineData("runs", "discarded: the hypervisor took 12 % of the processor time")]
    [InlineData("definitions", "the age of the oldest record")]
    public void Html_HasASectionForEachExperiment(string anchor, string says)
    {
        var from = s_html.IndexOf($"<h2 id=\"{anchor}\">", StringComparison.Ordinal);
        Assert.NotEqual(-1, from);
        Assert.Contains(says, s_html[from..s_html.IndexOf("</section>", from, StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    [Fact]
    public void Html_ShowsTheSpreadOfAFigure_AndThatOneRunHasNone()
    {
        Assert.Contains("1.00 s<small>&#177; 200 ms</small>", s_html, StringComparison.Ordinal);
        Assert.Contains("40.0<small>one run</small>", s_html, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_SaysWhatAnExperimentRefusesToConclude() =>
        Assert.Contains("Not concluded: p99 of 12 samples is not told apart from the maximum", s_html, StringComparison.Ordinal);

    [Fact]
    public void Html_OfRestartsAlone_HasNoSectionsWithoutFigures()
    {
        var report = SampleReport.WithExperiments();
        var html = HtmlReport.Render(report with { Lanes = [], Experiments = [.. report.Experiments.Where(experiment => experiment.Kind == ExperimentKinds.Restart)] });
        Assert.Contains("id=\"restarts\"", html, StringComparison.Ordinal);
        Assert.All((string[])["freshness", "cost", "truth"], anchor => Assert.DoesNotContain($"id=\"{anchor}\"", html, StringComparison.Ordinal));
    }

    [Fact]
    public void Html_OfManyFindings_ShowsTheFirstAndFoldsTheOthersAway()
    {
        var report = SampleReport.WithExperiments();
        string[] findings = [.. Enumerable.Range(1, 7).Select(number => $"finding number {number}.")];
        var html = HtmlReport.Render(report with { Experiments = [.. report.Experiments.Select(experiment => experiment with { Findings = findings })] });
        Assert.Contains("<summary>2 more findings</summary><ul><li>finding number 6.</li>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_OfALaneWithoutExperiments_HasNoEmptySections()
    {
        var html = HtmlReport.Render(SampleReport.Create());
        Assert.DoesNotContain("id=\"frontier\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"runs\"", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("latest", 12, false, 0, true)]
    [InlineData("latest", 0, false, 0, false)]
    [InlineData("latest", 0, true, 0, true)]
    [InlineData("latest", 12, false, 1, false)]
    [InlineData("resume", 12, false, 0, false)]
    public void Run_ThatIsBehindTheTruth_IsAFailureUnlessItSkippedAsTold(string policy, long skipped, bool converged, int errors, bool succeeds)
    {
        var experiment = SampleReport.WithExperiments().Experiments.First(one => one.Kind == ExperimentKinds.Restart);
        var run = experiment.Runs[0];
        Assert.Equal(succeeds, ExperimentRunner.Succeeded(experiment with
        {
            Runs =
            [
                run with
                {
                    Settings = new Dictionary<string, string> { ["policy"] = policy },
                    Restarts = [run.Restarts[0] with { Skipped = skipped }],
                    Truth = run.Truth with { Converged = converged },
                    Errors = [.. Enumerable.Repeat("the lane ended unasked", errors)],
                },
            ],
        }));
    }

    [Fact]
    public void Report_OfARestartThatSkippedAsTold_SaysSoAndNotThatTheIndexIsWrong()
    {
        var report = SampleReport.WithExperiments();
        var skipped = new Estimate { Mean = 12, Median = 12, Min = 11, Max = 13, Runs = 2 };
        var drawn = report with
        {
            Experiments =
            [
                .. report.Experiments.Where(one => one.Kind == ExperimentKinds.Restart).Select(one => one with
                {
                    Summaries =
                    [
                        one.Summaries[0] with
                        {
                            Converged = false,
                            Settings = new Dictionary<string, string> { ["policy"] = "latest" },
                            Figures = new Dictionary<string, Estimate>(one.Summaries[0].Figures) { [FigureNames.Skipped] = skipped },
                        },
                    ],
                }),
            ],
        };
        Assert.Contains("behind, as told to skip", HtmlReport.Render(drawn), StringComparison.Ordinal);
        Assert.Contains("| behind, as told to skip |", MarkdownReport.Render(drawn), StringComparison.Ordinal);
        Assert.DoesNotContain("WRONG", HtmlReport.Render(drawn) + MarkdownReport.Render(drawn), StringComparison.Ordinal);
    }

    [Fact]
    public void Html_OfThePointsOfTheFrontier_LinksEachToARunOfItsOwn_AndEveryRowToAllOfItsRuns()
    {
        var frontier = s_html[s_html.IndexOf("<h2 id=\"frontier\">", StringComparison.Ordinal)..s_html.IndexOf("<h2 id=\"restarts\">", StringComparison.Ordinal)];
        Assert.Contains("<a href=\"#run-frontier_streaming_interval_1s_1\" aria-label=", frontier, StringComparison.Ordinal);
        Assert.Contains("runs <a href=\"#run-frontier_streaming_interval_1s_1\">1</a> <a href=\"#run-frontier_streaming_interval_1s_2\">2</a>", frontier, StringComparison.Ordinal);
        Assert.Contains("id=\"run-frontier_streaming_interval_1s_2\"", s_html, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_ShowsTheRangeOfAStageOverItsRuns() =>
        Assert.Contains("300 ms / 360 ms<small>300 ms to 300 ms / 360 ms to 360 ms</small>", s_html, StringComparison.Ordinal);

    [Fact]
    public void Markdown_HasATableForEachExperiment()
    {
        var markdown = MarkdownReport.Render(SampleReport.WithExperiments());
        Assert.All(ExperimentKinds.All, kind => Assert.Contains($"## {kind}", markdown, StringComparison.Ordinal));
        Assert.Contains("| micro-batch | interval=1s | 1.00 s (800 ms to 1.20 s) | 40.0 (one run) | right, on the front |", markdown, StringComparison.Ordinal);
    }
}
