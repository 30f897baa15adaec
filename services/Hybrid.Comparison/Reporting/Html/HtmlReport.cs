using System.Text;
using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Reporting.Html;

/// <summary>Renders a report as one self-contained page. It is read without its script, which only zooms and names what is under the pointer.</summary>
internal static class HtmlReport
{
    public static string Render(ComparisonReport report) => Render(report, ReportOptions.Standard());

    public static string Render(ComparisonReport report, ReportOptions options)
    {
        (string Anchor, string Title, string Body)[] sections =
        [
            ("changes", "What moved", ChangesSection.Render(options)),
            ("freshness", "Freshness", FreshnessSection.Render(report)),
            ("load", "Load", LoadSection.Render(report)),
            ("frontier", "Freshness against cost", FrontierSection.Render(report)),
            ("restarts", "Restarts", RestartSection.Render(report)),
            ("faults", "Faults", FaultSection.Render(report)),
            ("cost", "Cost", CostSection.Render(report)),
            ("money", "Money", MoneySection.Render(report, options)),
            ("truth", "Truth and accounting", TruthSection.Render(report)),
            ("runs", "Every run", RunsSection.Render(report)),
            ("run", "How it was run", AboutSection.Render(report)),
        ];
        var shown = sections.Where(section => section.Body.Length > 0).ToArray();
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><link rel=\"icon\" href=\"data:,\">");
        page.Append("<title>Hybrid comparison</title><style>").Append(HtmlStyle.Sheet).Append("</style></head><body>\n<main>");
        page.Append(FirstScreen.Render(report));
        page.Append("<nav aria-label=\"Sections\">").AppendJoin("", shown.Select(section => Html.Link(section.Anchor, section.Title))).Append(Html.Link("definitions", "Definitions")).Append("</nav>\n");
        foreach (var (anchor, title, body) in shown)
        {
            page.Append("<section>").Append(Html.Heading(anchor, title)).Append(body).Append("</section>\n");
        }

        page.Append("<section>").Append(Definitions.Render()).Append("</section>");
        page.Append("<footer><p>A dash is a figure that was not measured. All figures are in report.json beside this page.</p></footer></main>");
        return page.Append("<script>").Append(HtmlScript.Source).Append("</script></body></html>\n").ToString();
    }
}
