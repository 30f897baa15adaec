using System.Globalization;
using System.Net;
using System.Text;

namespace Hybrid.Comparison.Reporting.Charts;

/// <summary>Draws a point that links to what it stands for.</summary>
internal static class Marks
{
    public static void Draw(StringBuilder svg, string lane, Mark mark, Scale x, Scale y, bool filled = true)
    {
        var text = WebUtility.HtmlEncode(mark.Text);
        var circle = string.Create(
            CultureInfo.InvariantCulture,
            $"<circle class=\"mark{(filled ? "" : " hollow")} {Palette.Of(lane)}\" cx=\"{x.At(mark.At.X):0.#}\" cy=\"{y.At(mark.At.Y):0.#}\" r=\"5\"><title>{text}</title></circle>");
        svg.Append(mark.Anchor is { } anchor ? $"<a href=\"#{anchor}\" aria-label=\"{text}\">{circle}</a>" : circle);
    }
}
