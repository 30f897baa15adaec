using Hybrid.Comparison.Evidence;
using Hybrid.Comparison.Reporting;
using Spectre.Console;

namespace Hybrid.Comparison.Decisions;

/// <summary>Prints an answer on the terminal.</summary>
internal static class AnswerText
{
    public static void Write(Answer answer, IAnsiConsole console)
    {
        console.WriteLine(answer.Summary, new Style(decoration: Decoration.Bold));
        console.WriteLine();
        console.WriteLine("Asked: " + string.Join("; ", answer.Asked.Select(question => $"{question.Key}: {question.Value}")) + ".");
        Candidates(answer, console);
        Reasons(answer, console);
        Bill(answer, console);
        TitledList.Write(console, "What would change the answer:", answer.WouldChange.Select(threshold => threshold.Text));
        TitledList.Write(console, "What was not measured:", answer.NotMeasured);
        console.WriteLine($"Prices: {answer.Prices}. Put in what you pay with --pricing FILE.");
    }

    private static void Candidates(Answer answer, IAnsiConsole console)
    {
        if (answer.Candidates.Count == 0)
        {
            return;
        }

        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn(new TableColumn("lane"));
        table.AddColumn(new TableColumn("freshness").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("a month").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("met").NoWrap());
        table.AddColumn(new TableColumn("what it misses"));
        foreach (var (candidate, settings) in BestOfEachLane(answer))
        {
            var obstacles = candidate.Checks.Where(check => check.Outcome != "met").ToArray();
            table.AddRow(
                new Text((candidate.Point.Length == 0 ? candidate.Lane : $"{candidate.Lane} ({candidate.Point})") + (settings > 1 ? $", best of {settings} settings" : "")),
                new Text(candidate.Freshness is { } freshness ? Spread.Seconds(Of(freshness)) : Figures.NotMeasured),
                new Text(candidate.PerMonth is { } cost ? Spread.Money(Of(cost), cost.Unit) : Figures.NotMeasured),
                candidate.Eligible ? new Text("all", Color.Green)
                    : obstacles.All(check => check.Outcome == "notMeasured") ? new Text("unknown", Color.Yellow) : new Text("no", Color.Red),
                new Text(string.Join("; ", obstacles.Select(check => $"{check.Question}: {check.Because}"))));
        }

        console.Write(table);
    }

    private static IEnumerable<(CandidateAnswer Best, int Settings)> BestOfEachLane(Answer answer) => answer.Candidates
        .GroupBy(candidate => candidate.Lane)
        .Select(lane => (
            Best: lane.OrderByDescending(candidate => candidate.Eligible).ThenBy(candidate => candidate.Checks.Count(check => check.Outcome != "met")).ThenBy(candidate => candidate.PerMonth?.Value ?? double.MaxValue).First(),
            Settings: lane.Count()))
        .OrderByDescending(lane => lane.Best.Eligible)
        .ThenBy(lane => lane.Best.PerMonth?.Value ?? double.MaxValue);

    private static void Reasons(Answer answer, IAnsiConsole console)
    {
        if (answer.Candidates.FirstOrDefault(candidate => candidate.Lane == answer.Lane && candidate.Point == answer.Point && candidate.Eligible) is { } winner)
        {
            TitledList.Write(console, $"Why {winner.Lane}:", winner.Checks.Select(check => $"{check.Question}: {check.Because}"));
        }
    }

    private static void Bill(Answer answer, IAnsiConsole console)
    {
        if (answer.Bill is not { } bill)
        {
            return;
        }

        var currency = answer.PerMonth!.Unit;
        var atRest = bill.Where(item => item.AlwaysOn).Sum(item => item.PerMonth);
        TitledList.Write(
            console,
            $"Its month, {Figures.Money(answer.PerMonth.Value, currency)}, of which {Figures.Money(atRest, currency)} also when nothing comes:",
            bill.Select(item => $"{item.Name}: {Figures.Money(item.PerMonth, currency)}"));
    }

    private static Measured Of(Amount amount) => new(amount.Value, amount.Low, amount.High, amount.Value, amount.Repetitions);
}
