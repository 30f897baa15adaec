using System.Globalization;
using System.Text;
using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Reporting.Charts;

/// <summary>A point of a scatter chart.</summary>
/// <param name="Name">Its lane.</param>
/// <param name="Mark">Where it is, what it is, what it links to.</param>
/// <param name="OnFront">Whether no other is better in both directions.</param>
internal sealed record ScatterPoint(string Name, Mark Mark, bool OnFront);

/// <summary>Points of two figures, both the less the better, with the front of those that nothing beats in both.</summary>
internal sealed class ScatterChart : Chart
{
    public required Axis X { get; init; }

    public required Axis Y { get; init; }

    public required IReadOnlyList<ScatterPoint> Points { get; init; }

    protected override IReadOnlyList<string> Names => [.. Points.Select(point => point.Name).Distinct()];

    protected override bool IsEmpty => Points.Count == 0;

    protected override void Draw(StringBuilder svg, Frame frame)
    {
        var x = X.Scale([.. Points.Select(point => point.Mark.At.X)], frame.Left, frame.Right, frame.XTicks);
        var y = Y.Scale([.. Points.Select(point => point.Mark.At.Y)], frame.Bottom, frame.Top, 6);
        Open(svg, frame, data: Axes.Data(frame, X, x, y));
        Axes.Draw(svg, frame, X, x, Y, y);
        Front(svg, x, y);
        foreach (var point in Points.OrderBy(point => point.OnFront))
        {
            Marks.Draw(svg, point.Name, point.Mark, x, y, filled: point.OnFront);
        }

        svg.Append("</svg>");
    }

    protected override string Legend()
    {
        var legend = new StringBuilder("<div class=\"legend\">");
        foreach (var name in Names)
        {
            legend.Append(CultureInfo.InvariantCulture, $"<span><svg class=\"dot\" viewBox=\"0 0 12 12\" aria-hidden=\"true\"><circle class=\"mark {Palette.Of(name)}\" cx=\"6\" cy=\"6\" r=\"4\"/></svg>{Text(name)}</span>");
        }

        return legend.Append("<span><svg viewBox=\"0 0 28 8\" aria-hidden=\"true\"><path class=\"front\" d=\"M0 4H28\"/></svg>the front: nothing measured is both fresher and cheaper (filled points)</span></div>").ToString();
    }

    private void Front(StringBuilder svg, Scale x, Scale y)
    {
        var front = Points.Where(point => point.OnFront).Select(point => point.Mark.At).OrderBy(point => point.X).ThenByDescending(point => point.Y).ToArray();
        if (front.Length < 2)
        {
            return;
        }

        // Between two points of the front the cheaper one is not yet fresh enough, so the line goes across first and then down.
        var path = new StringBuilder();
        foreach (CurvePoint point in front)
        {
            path.Append(path.Length == 0
                ? $"M{Pixel(x.At(point.X))} {Pixel(y.At(point.Y))}"
                : $"H{Pixel(x.At(point.X))}V{Pixel(y.At(point.Y))}");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"front\" d=\"{path}\"><title>the front</title></path>");
    }
}
