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
    public void Html_OfALaneWithoutExperiments_HasNoEmptySections()
    {
        var html = HtmlReport.Render(SampleReport.Create());
        Assert.DoesNotContain("id=\"frontier\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"runs\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_HasATableForEachExperiment()
    {
        var markdown = MarkdownReport.Render(SampleReport.WithExperiments());
        Assert.All(ExperimentKinds.All, kind => Assert.Contains($"## {kind}", markdown, StringComparison.Ordinal));
        Assert.Contains("| micro-batch | interval=1s | 1.00 s (800 ms to 1.20 s) | 40.0 (one run) | right, on the front |", markdown, StringComparison.Ordinal);
    }
}
