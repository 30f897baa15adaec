using System.Globalization;
using System.Net;
using System.Text;
using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Reporting.Charts;

/// <summary>One line of a chart.</summary>
internal sealed record Series(string Name, IReadOnlyList<CurvePoint> Points);

/// <summary>An inline SVG chart of lines with labelled axes; each lane has a colour and a dash of its own, so it prints too.</summary>
internal sealed class LineChart
{
    private const int Width = 720;
    private const int Height = 300;
    private const int Left = 64;
    private const int Right = 30;
    private const int Top = 12;
    private const int Bottom = 48;

    public required string Title { get; init; }

    public required string XLabel { get; init; }

    public required string YLabel { get; init; }

    public required IReadOnlyList<Series> Series { get; init; }

    public required Func<double, string> XFormat { get; init; }

    public required Func<double, string> YFormat { get; init; }

    public bool LogarithmicX { get; init; }

    /// <summary>Draws each value until the next one, as for a share or a level.</summary>
    public bool Steps { get; init; }

    public string Render()
    {
        var points = Series.SelectMany(series => series.Points).ToArray();
        if (points.Length == 0)
        {
            return $"<p class=\"none\">{WebUtility.HtmlEncode(Title)}: not measured in this run.</p>";
        }

        var x = LogarithmicX
            ? Scale.Logarithmic(points.Where(point => point.X > 0).Select(point => point.X).DefaultIfEmpty(0.001).Min(), points.Max(point => point.X), Left, Width - Right)
            : Scale.Linear(points.Max(point => point.X), Left, Width - Right, 8);
        var y = Scale.Linear(points.Max(point => point.Y), Height - Bottom, Top);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<figure><div class=\"plot\"><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(Title)}\">");
        Axes(svg, x, y);
        for (var i = 0; i < Series.Count; i++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"line lane{i % 6}\" d=\"{PathOf(Series[i].Points, x, y)}\"><title>{WebUtility.HtmlEncode(Series[i].Name)}</title></path>");
        }

        svg.Append("</svg></div>").Append(Legend()).Append(CultureInfo.InvariantCulture, $"<figcaption>{WebUtility.HtmlEncode(Title)}</figcaption></figure>");
        return svg.ToString();
    }

    private void Axes(StringBuilder svg, Scale x, Scale y)
    {
        foreach (var tick in y.Ticks)
        {
            var at = Pixel(y.At(tick));
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{at}\" y2=\"{at}\"/><text class=\"tick\" x=\"{Left - 6}\" y=\"{at}\" dy=\"4\" text-anchor=\"end\">{WebUtility.HtmlEncode(YFormat(tick))}</text>");
        }

        foreach (var tick in x.Ticks)
        {
            var at = Pixel(x.At(tick));
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{at}\" x2=\"{at}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/><text class=\"tick\" x=\"{at}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{WebUtility.HtmlEncode(XFormat(tick))}</text>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"label\" x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 10}\" text-anchor=\"middle\">{WebUtility.HtmlEncode(XLabel)}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"label\" transform=\"translate(14 {(Top + Height - Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">{WebUtility.HtmlEncode(YLabel)}</text>");
    }

    private string Legend()
    {
        var legend = new StringBuilder("<div class=\"legend\">");
        for (var i = 0; i < Series.Count; i++)
        {
            legend.Append(CultureInfo.InvariantCulture, $"<span><svg viewBox=\"0 0 28 8\" aria-hidden=\"true\"><path class=\"line lane{i % 6}\" d=\"M0 4H28\"/></svg>{WebUtility.HtmlEncode(Series[i].Name)}</span>");
        }

        return legend.Append("</div>").ToString();
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

    private static string Pixel(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
