using System.Globalization;
using System.Net;
using System.Text;

namespace Hybrid.Comparison.Reporting.Charts;

/// <summary>An inline SVG chart of one horizontal bar a lane, with the figure beside it; lanes without a figure are named as not measured.</summary>
internal sealed class BarChart
{
    private const int Width = 720;
    private const int Left = 130;
    private const int Right = 120;
    private const int Row = 30;

    public required string Title { get; init; }

    public required IReadOnlyList<(string Name, double? Value)> Bars { get; init; }

    public required Func<double, string> Format { get; init; }

    public string Render()
    {
        var max = Bars.Max(bar => bar.Value) ?? 0;
        if (max <= 0)
        {
            return $"<p class=\"none\">{WebUtility.HtmlEncode(Title)}: not measured in this run.</p>";
        }

        var height = (Bars.Count * Row) + 8;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<figure><div class=\"plot\"><svg viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(Title)}\">");
        for (var i = 0; i < Bars.Count; i++)
        {
            var (name, value) = Bars[i];
            var top = (i * Row) + 6;
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"name\" x=\"{Left - 8}\" y=\"{top + 15}\" text-anchor=\"end\">{WebUtility.HtmlEncode(name)}</text>");
            var length = (value ?? 0) / max * (Width - Left - Right);
            if (value is not null)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"bar lane{i % 6}\" x=\"{Left}\" y=\"{top}\" width=\"{Math.Max(1, length):0.#}\" height=\"20\" rx=\"2\"/>");
            }

            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"value\" x=\"{Left + length + 8:0.#}\" y=\"{top + 15}\">{WebUtility.HtmlEncode(value is { } figure ? Format(figure) : "not measured")}</text>");
        }

        return svg.Append(CultureInfo.InvariantCulture, $"</svg></div><figcaption>{WebUtility.HtmlEncode(Title)}</figcaption></figure>").ToString();
    }
}
