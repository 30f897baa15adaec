using System.Globalization;
using System.Net;
using System.Text;

namespace Hybrid.Comparison.Reporting.Charts;

/// <summary>An axis: what it shows, its unit, and how its marks are written.</summary>
/// <param name="Label">What it shows, with its unit.</param>
/// <param name="Format">How a mark is written.</param>
/// <param name="Logarithmic">Whether equal ratios lie equally far apart.</param>
internal sealed record Axis(string Label, Func<double, string> Format, bool Logarithmic = false)
{
    public Scale Scale(IReadOnlyCollection<double> values, double start, double end, int ticks)
    {
        if (Logarithmic)
        {
            var positive = values.Where(value => value > 0).DefaultIfEmpty(1).ToArray();
            return Charts.Scale.Logarithmic(positive.Min(), positive.Max(), start, end, ticks);
        }

        return Charts.Scale.Linear(values.DefaultIfEmpty(0).Min(), values.DefaultIfEmpty(1).Max(), start, end, ticks);
    }
}

/// <summary>Draws a grid with its marks and labels.</summary>
internal static class Axes
{
    public static void Draw(StringBuilder svg, Frame frame, Axis xAxis, Scale x, Axis yAxis, Scale y)
    {
        foreach (var tick in y.Ticks)
        {
            var at = Pixel(y.At(tick));
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{frame.Left}\" x2=\"{frame.Right}\" y1=\"{at}\" y2=\"{at}\"/><text class=\"tick\" x=\"{frame.Left - 6}\" y=\"{at}\" dy=\"4\" text-anchor=\"end\">{Text(yAxis.Format(tick))}</text>");
        }

        foreach (var tick in x.Ticks)
        {
            var at = Pixel(x.At(tick));
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{at}\" x2=\"{at}\" y1=\"{frame.Top}\" y2=\"{frame.Bottom}\"/><text class=\"tick\" x=\"{at}\" y=\"{frame.Bottom + 16}\" text-anchor=\"middle\">{Text(xAxis.Format(tick))}</text>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"label\" x=\"{(frame.Left + frame.Right) / 2}\" y=\"{frame.Height - 8}\" text-anchor=\"middle\">{Text(xAxis.Label)}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"label\" transform=\"translate(12 {(frame.Top + frame.Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">{Text(yAxis.Label)}</text>");
    }

    /// <summary>What the script needs to read values off the pixels: both ends of the horizontal axis, in pixels and in values.</summary>
    public static string Data(Frame frame, Axis xAxis, Scale x, Scale y) => string.Create(
        CultureInfo.InvariantCulture,
        $" data-x=\"{frame.Left},{frame.Right},{x.From},{x.To},{(x.IsLogarithmic ? 1 : 0)}\" data-y=\"{frame.Bottom},{frame.Top},{y.From},{y.To},{(y.IsLogarithmic ? 1 : 0)}\" data-label=\"{Text(xAxis.Label)}\"");

    private static string Pixel(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
