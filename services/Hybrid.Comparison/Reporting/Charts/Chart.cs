using System.Globalization;
using System.Net;
using System.Text;

namespace Hybrid.Comparison.Reporting.Charts;

/// <summary>An inline SVG figure with a title, a legend and, where it needs one, a note.</summary>
internal abstract class Chart
{
    public required string Title { get; init; }

    /// <summary>What the reader has to know to read it; null when nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The lanes' names with their marks, in the order they are drawn.</summary>
    protected abstract IReadOnlyList<string> Names { get; }

    protected abstract bool IsEmpty { get; }

    public string Render()
    {
        if (IsEmpty)
        {
            return $"<p class=\"none\">{Text(Title)}: not measured in this run.</p>";
        }

        var figure = new StringBuilder("<figure><figcaption>").Append(Text(Title)).Append("</figcaption>");
        figure.Append(Legend());
        foreach (var frame in Frame.Both)
        {
            Draw(figure, frame);
        }

        if (Note is { } note)
        {
            figure.Append("<p class=\"note\">").Append(Text(note)).Append("</p>");
        }

        return figure.Append("</figure>").ToString();
    }

    /// <summary>Draws the figure into a frame, as one <c>svg</c> element.</summary>
    protected abstract void Draw(StringBuilder svg, Frame frame);

    protected virtual string Legend()
    {
        var legend = new StringBuilder("<div class=\"legend\">");
        foreach (var name in Names)
        {
            legend.Append(CultureInfo.InvariantCulture, $"<span><svg viewBox=\"0 0 28 8\" aria-hidden=\"true\"><path class=\"line {Palette.Of(name)}\" d=\"M0 4H28\"/></svg>{Text(name)}</span>");
        }

        return legend.Append("</div>").ToString();
    }

    protected void Open(StringBuilder svg, Frame frame, int? height = null, string data = "") =>
        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"{frame.Name}\" viewBox=\"0 0 {frame.Width} {height ?? frame.Height}\" role=\"img\" aria-label=\"{Text(Title)}\"{data}>");

    protected static string Text(string text) => WebUtility.HtmlEncode(text);

    protected static string Pixel(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
