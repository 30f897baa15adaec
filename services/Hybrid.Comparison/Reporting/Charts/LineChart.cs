using System.Globalization;
using System.Text;
using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Reporting.Charts;

/// <summary>One line of a chart.</summary>
/// <param name="Name">A lane.</param>
/// <param name="Points">The line, rising in x.</param>
/// <param name="Marks">Points that get a mark and, where they have one, a link.</param>
internal sealed record Series(string Name, IReadOnlyList<CurvePoint> Points, IReadOnlyList<Mark>? Marks = null);

/// <summary>A point with a name of its own.</summary>
/// <param name="At">Where.</param>
/// <param name="Text">What it is.</param>
/// <param name="Anchor">What it links to, without the hash; null for nothing.</param>
internal sealed record Mark(CurvePoint At, string Text, string? Anchor = null);

/// <summary>A stretch of the horizontal axis that has a name.</summary>
internal sealed record Band(double From, double To, string Name);

/// <summary>Lines over labelled axes; each lane has a colour and a dash of its own, so it prints too.</summary>
internal sealed class LineChart : Chart
{
    public required Axis X { get; init; }

    public required Axis Y { get; init; }

    public required IReadOnlyList<Series> Series { get; init; }

    public IReadOnlyList<Band> Bands { get; init; } = [];

    /// <summary>Draws each value until the next one, as for a share or a level.</summary>
    public bool Steps { get; init; }

    protected override IReadOnlyList<string> Names => [.. Series.Where(series => series.Points.Count > 0).Select(series => series.Name).Distinct()];

    protected override bool IsEmpty => Series.All(series => series.Points.Count == 0);

    protected override void Draw(StringBuilder svg, Frame frame)
    {
        var points = Series.SelectMany(series => series.Points).ToArray();
        var x = X.Scale([.. points.Select(point => point.X), .. Bands.SelectMany(band => (double[])[band.From, band.To])], frame.Left, frame.Right, frame.XTicks);
        var y = Y.Scale([.. points.Select(point => point.Y)], frame.Bottom, frame.Top, 6);
        Open(svg, frame, data: Axes.Data(frame, X, x, y));
        foreach (var band in Bands)
        {
            var (from, to) = (x.At(band.From), x.At(band.To));
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"band\" x=\"{Pixel(from)}\" y=\"{frame.Top}\" width=\"{Pixel(Math.Max(1.5, to - from))}\" height=\"{frame.Bottom - frame.Top}\"/><text class=\"tick\" x=\"{Pixel(from + 4)}\" y=\"{frame.Top + 12}\">{Text(band.Name)}</text>");
        }

        Axes.Draw(svg, frame, X, x, Y, y);
        foreach (var series in Series.Where(series => series.Points.Count > 0))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"line {Palette.Of(series.Name)}\" data-name=\"{Text(series.Name)}\" d=\"{PathOf(series.Points, x, y)}\"><title>{Text(series.Name)}</title></path>");
        }

        foreach (var (name, mark) in Series.SelectMany(series => (series.Marks ?? []).Select(mark => (series.Name, mark))))
        {
            Marks.Draw(svg, name, mark, x, y);
        }

        svg.Append("</svg>");
    }

    private string PathOf(IReadOnlyList<CurvePoint> points, Scale x, Scale y)
    {
        var path = new StringBuilder();
        foreach (var point in points)
        {
            var (px, py) = (Pixel(x.At(point.X)), Pixel(y.At(point.Y)));
            if (path.Length == 0)
            {
                path.Append('M').Append(px).Append(' ').Append(py);
            }
            else if (Steps)
            {
                path.Append('H').Append(px).Append('V').Append(py);
            }
            else
            {
                path.Append('L').Append(px).Append(' ').Append(py);
            }
        }

        return path.ToString();
    }
}
