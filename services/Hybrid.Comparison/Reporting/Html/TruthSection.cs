using System.Text;
using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Reporting.Html;

/// <summary>Whether each index ended in the truth, and whether every line is accounted for.</summary>
internal static class TruthSection
{
    public static string Render(ComparisonReport report)
    {
        if (report.Lanes.Count == 0)
        {
            return "";
        }

        var list = new StringBuilder(Html.Note("The right index is a pure function of the input; every document of each collection was compared with it. Lines read = records + dead letters.")).Append("<dl>");
        foreach (var lane in report.Lanes)
        {
            list.Append(Html.Invariant($"<dt>{Html.Text(lane.Name)}</dt><dd>{Html.Good(lane.Truth.Converged, Verdict.Truth(lane.Truth))}; {Html.Good(lane.Accounting.AddsUp, Verdict.Accounting(lane.Accounting))}"));
            list.AppendJoin("", lane.Truth.Examples.Select(example => $"<br><code>{Html.Text(example)}</code>")).Append("</dd>");
        }

        return list.Append("</dl>").ToString();
    }
}
