using Hybrid.Comparison.Reporting.Changes;

namespace Hybrid.Comparison.Reporting.Html;

/// <summary>What moved since another report.</summary>
internal static class ChangesSection
{
    public static string Render(ReportOptions options)
    {
        if (options.Changes is not { } changes)
        {
            return "";
        }

        var moved = Table(changes.Moved.OrderBy(change => change.Movement).ThenByDescending(change => Math.Abs(change.Share ?? double.MaxValue)));
        var others = changes.Changes.Except(changes.Moved).ToArray();
        return $"<p>{Html.Text(Html.Invariant($"Against the report of {changes.Before:yyyy-MM-dd HH:mm} UTC. {changes.Summary}"))}</p>"
            + string.Concat(changes.Conditions.Select(condition => $"<p class=\"warn\">Not the same in both: {Html.Text(condition)}</p>"))
            + moved
            + (others.Length == 0 ? "" : $"<details><summary>{others.Length} figures that did not move, or of which nobody can know</summary>{Table(others)}</details>")
            + Html.List(changes.Unmatched);
    }

    private static string Table(IEnumerable<Change> changes)
    {
        var table = new HtmlTable().Words("what").Words("figure").Figure("before").Figure("now").Figure("change").Figure("95 % of the difference", Definitions.Spread).Words("moved");
        foreach (var change in changes)
        {
            table.Row(
                Html.Text(change.Where),
                Html.Text(FigureFormats.Words(change.Figure)),
                Html.Text(FigureFormats.Write(change.Figure, change.Before)),
                Html.Text(FigureFormats.Write(change.Figure, change.After)),
                change.Share is { } share ? Html.Invariant($"{share:+0 %;-0 %;0 %}") : Figures.NotMeasured,
                change.Difference is var (low, high) ? Html.Text($"{Signed(change.Figure, low)} to {Signed(change.Figure, high)}") : "unknown",
                change.Movement switch
                {
                    Movement.Worse => Html.Good(false, "worse"),
                    Movement.Better => Html.Good(true, "better"),
                    Movement.Noise => "within noise",
                    _ => "nobody can know: one run",
                });
        }

        return table.Render();
    }

    private static string Signed(string figure, double value) => (value < 0 ? "−" : "+") + FigureFormats.Write(figure, Math.Abs(value));
}
